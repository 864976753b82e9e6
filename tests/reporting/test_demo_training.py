"""The demonstration's registers and files: plainly invented, loaded once, and contradicting no published figure."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.files.sealed import opened_names
from incidents.models import TipFile
from programs.attachments import check_file
from programs.models import Attachment, TrainingPlaces, TrainingRegister
from programs.selectors.training import RegisterSummary
from reporting.demo.training import INVENTED
from tests.reporting.records import _Silent


@pytest.mark.usefixtures("demo")
def test_registers_are_invented_and_contradict_no_figure_and_load_once() -> None:
    counted = (TrainingRegister, TrainingPlaces, Attachment, TipFile)
    before = [model.objects.count() for model in counted]
    call_command("load_demo", verbosity=0, stdout=_Silent())
    assert [model.objects.count() for model in counted] == before == [2, 5, 4, 1]
    for register in TrainingRegister.objects.select_related("activity"):
        assert INVENTED in register.topic
        assert register.activity.is_demo
        assert RegisterSummary(register, register.activity).warnings == []


@pytest.mark.usefixtures("demo")
def test_files_say_that_they_are_invented_and_pictures_have_a_small_one() -> None:
    for file in Attachment.objects.all():
        assert "minh họa" in file.name
        with file.file.open("rb") as stored:
            assert check_file(SimpleUploadedFile(file.name, stored.read())).media_type == file.media_type
        assert bool(file.thumbnail) is file.name.endswith(".png")
    assert [opened.name for opened in opened_names(TipFile.objects.all())] == [
        "Công văn chuyển hồ sơ (tài liệu minh họa).pdf"
    ]
