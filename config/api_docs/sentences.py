"""What docstrings say of the API, in the language of the reader.

Gettext collects no docstrings, so what the description shows of them is named here for the catalogue. Who changes a
sentence there changes it here.
"""

import re
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES = (
    # Operations
    _("Activities of the own unit, and what others had approved for who coordinates the area."),
    _("Put what is sent in the place of what the activity holds. Files stay."),
    _("Let it count. For the head of its unit."),
    _('The files of the record; POST adds those sent as "files" (multipart/form-data).'),
    _("A file to save, with a row in the trail; DELETE takes it off."),
    _("The comments the reader may see, newest first, page by page; POST adds one."),
    _("Change an own comment, within a quarter of an hour, or remove it."),
    _('The register of a training class or seminar. The first time it is put, If-Match names "v0".'),
    _("Give it back to the unit with a reason. For the head of its unit."),
    _("Hand it to the head of the unit."),
    _("Take one's own submission back."),
    _(
        "File several activities. Each is stored or refused for itself; the answer says which, in"
        " the order sent."
    ),
    _("The agencies that report and act."),
    _("The map of a day."),
    _("The tasks of units: own ones, or every unit's in the area for who coordinates or steers it."),
    _("The files of the unit's notes, in the order in which they came."),
    _("A file to save, with a row in the trail."),
    _("The notes of the unit, newest first (the last 200); POST tells progress, also with files."),
    _("Cases of own agency. Each one given is noted."),
    _("Open a case that came from no tip; ``tips/{id}/open-case/`` opens one that did."),
    _("What was seized in a case."),
    _("Write down something that was seized."),
    _("Correct an item, whole: what is left out is empty."),
    _("Remove an item that was written down by mistake."),
    _("Suspects, accused and defendants of a case, by their labels. None is removed: verdicts rest on them."),
    _('Add a person under the next label; "group" is the id of a group of own agency, or "new".'),
    _("Correct what is known about a person, whole: what is left out is empty. Standings stay."),
    _("Give a person the next standing: suspect, accused, defendant."),
    _("Write down a verdict; one for the same trial is corrected."),
    _("Write down that a person is wanted."),
    _("Write down that a person is no longer wanted."),
    _("Places of the route of a case. One that is wrong is removed and added anew."),
    _("Add a place; one that is there already is answered as it is."),
    _("Remove a place."),
    _(
        "The tips that a case came from. The link is made where a tip's case is opened:"
        " ``tips/{id}/open-case/``."
    ),
    _("Correct a case, whole: what is left out is empty. Agency, area and the days of its stages stay."),
    _("Give the investigation more time."),
    _("Seal it, or change who reads a sealed one."),
    _("Write down a stage that it reached."),
    _("Take the seal off."),
    _("What stood in the way of the own unit; of every unit in the area for who coordinates or steers it."),
    _("What the own unit is to do next; every unit in the area for who coordinates or steers it."),
    _(
        "Documents of the areas above, of the own agency and, for who coordinates, of every agency"
        " in the area."
    ),
    _("The indicators, with what they are made of and may be told apart by."),
    _("Models of the own unit; of every unit in the area for who coordinates or steers it."),
    _("Write down what it was found to be worth."),
    _("Say that it rests for a time."),
    _("Make it anew for other units; the answer is the list of those made."),
    _("Say that it goes on."),
    _("Stop it for good."),
    _("What own units owe; for who coordinates an area or gathers its reports, what every unit in it owes."),
    _("The years and half-years that the portal knows, the latest first."),
    _("Pilots of the own area, of the areas above and, for who coordinates, of the areas below."),
    _("Write down what it was found to be worth, half-way or at the end."),
    _("Put down its figures before, half-way or at the end."),
    _("Make its tasks anew under another plan; the answer is the list of them."),
    _("Decide that it goes no further; its open tasks are closed for this reason."),
    _("The phases of the programme. They are loaded as data, so they are only read here."),
    _("Each target held against a unit and year of the reader's."),
    _("What the own unit recommends and is asked to do; of every unit in the area for who coordinates it."),
    _("Answer it. For the addressed agency; for the coordinator where the answer came on paper."),
    _("Say that it is being considered. For the addressed agency, or who records its answers."),
    _("Say that it arrived. For the addressed agency, or who records its answers."),
    _("Take it back. For the unit that sent it."),
    _("Issued reports: those a person may see, or for a key those of its area."),
    _("The PDF, as it was issued and signed; who took it is noted."),
    _("The Word file; who took it is noted."),
    _("Services given to people in the care of own agency. The file behind each one given is noted."),
    _("Write down a service for the person whose code is given; the support must be open."),
    _(
        "At most 20,000 figures in one answer; what asks for more is refused before it is begun."
        " `ETag` and `Last-Modified` change exactly when a figure of the answer does."
    ),
    _(
        "Submissions of own unit; for who coordinates an area or gathers its reports, what every"
        " unit in it has sent."
    ),
    _(
        "Begin the answer to an obligation with what the unit's records say; the one there is when"
        " it was begun."
    ),
    _("Fill it in. What is left out stays as it is."),
    _("Accept it: its figures count, and it is locked."),
    _("State in one's own name that there was nothing. It is submitted by a step of its own."),
    _("Take over again what the unit's records say; the unit's own words stay."),
    _("Open an accepted one again, with a reason."),
    _("Give it back to its unit with a reason."),
    _("Send it to the coordinator. What stands in the way is told by figure and section."),
    _("Take the nil statement back."),
    _("Take it back before it is accepted."),
    _("What the programmes aim at. How far it is met stands under ``programmes/CODE/targets/``."),
    _("Tasks of documents the reader may see. Sending a list cuts tasks from a document, all or none."),
    _("Tips of own agency. Each one given is noted."),
    _("Take a tip in."),
    _("Correct a tip, whole: what is left out is empty. Agency and area stay."),
    _("Give it to an investigator of the agency."),
    _("Extend the time limit by the next step of the law."),
    _("Send it to the competent agency."),
    _("Open a case from it; the answer names the case."),
    _("Decide not to prosecute."),
    _("Take a suspended tip up again."),
    _("Suspend the resolution."),
    _(
        "Transfers that own agency asked for, or that it is asked for. The file behind each one"
        " given is noted."
    ),
    _("Ask another agency, of any province, to take over the person whose code is given."),
    _("Take the person over: the file comes to own agency. For the agency that is asked."),
    _("Refuse with a reason. For the agency that is asked."),
    _("Take the request back. For the agency that asked."),
    _("Files of own agency. Each one given is noted."),
    _('Take a person into the care of own unit: "unit" is the ids of its agency and area, as in "12-34".'),
    _("Change a file, whole: what is left out is empty. Its unit and its decisions stay."),
    _("End the support. For the head of the unit, and not for who asked."),
    _("Ask the head of the unit to approve the end of the support."),
    _("The consents; POST writes one down."),
    _("Write down that a consent was taken back today."),
    _("The follow-ups; POST plans one."),
    _("Write down that a follow-up was done today."),
    _("The goals of the support; POST adds one."),
    _("Write down that a goal is given up."),
    _("Write down that a goal is reached."),
    _("The persons of the case linked to the victim, for who may see the case; POST links one."),
    _("Take the link to a person away."),
    _("Open a closed support again."),
    _("Send the closure back with a reason. For the head of the unit."),
    _("The route of the person; PUT puts other places in its stead. Its version is the file's."),
    _("Write down a decision on the status."),
    _("The stays in facilities; POST begins one."),
    _("End a stay today."),
    _('The support of the person; PUT begins it or changes its needs. The first time If-Match names "v0".'),
    # Shapes, as they are sent and answered
    _("An activity as it is read. Its figures count only when it is approved."),
    _('An activity as it is sent, whole: what is left out is empty. ``state`` is "draft" or "submitted".'),
    _("An agency of an area under one name, between two dates."),
    _("An agency as a record names it."),
    _("The answer to a recommendation. An answer that came on paper names its document."),
    _(
        "An administrative unit between two dates. Codes are used again after a reform: code and"
        " day belong together."
    ),
    _("An area as a record names it."),
    _("An assessment as it is sent; one of the same occasion takes the place of the first."),
    _("One task as one unit has it. ``is_late`` follows from the due date."),
    _("A file of a record. ``key`` names it in addresses."),
    _("The same figure a year earlier."),
    _("One way of telling an indicator apart, with its parts by name."),
    _("A case as a list gives it."),
    _("A case with its summary."),
    _("Something that was seized or kept as evidence. ``worth`` is in đồng."),
    _("A person in a case, under a label without meaning. Who it is stays outside the portal."),
    _("A place that people of a case were taken from, through, or to; ``area`` is known in Viet Nam only."),
    _("How the figure changed since; numbers only where both figures are exact."),
    _("A comment. One that was removed keeps its place, without its words."),
    _('What is said, and the ids of people to tell besides those named after "@" in the text.'),
    _("A consent for one purpose; it stands while ``withdrawn_on`` is empty."),
    _("Money from one source, in đồng."),
    _("One thing that is counted."),
    _(
        "How many units owed a report, how many sent one, how many of those confirmed nil (inside"
        " the scope only)."
    ),
    _("A task as it is cut."),
    _(
        "Tasks cut from a document in one sitting, all or none. ``after`` is how many it had when"
        " they were written."
    ),
    _("What stood in the way, and what became of it."),
    _("A difficulty as it is sent; ``overcome_on`` only where it is overcome."),
    _("What is to be done next, and the task that made it concrete."),
    _("A direction as it is sent."),
    _(
        "The rule for figures about people and cases outside the reader's scope, and whether any"
        " figure fell under it."
    ),
    _("A document as it is read."),
    _("A document as it is sent. What a change leaves out stays as it is."),
    _("A word about a warning: the rule, and the figure or section it is about."),
    _(
        "One figure. Without a ``value`` its ``status`` says why: missing, not due, withheld"
        " (suppressed) and so on."
    ),
    _('One figure: ``key`` is its indicator, or "indicator/part". Null takes the unit\'s word back.'),
    _("The figures of one occasion, by name; ``removed`` names what is not counted any more."),
    _("Files of a multipart body."),
    _("A target and what is found of it. ``actual`` is what was reached, as far as it is known."),
    _("The targets of a programme, held against the figures of one unit and year."),
    _("Something to be done for the person by a day; open while ``done_on`` is empty."),
    _("What the support is to reach."),
    _(
        "An indicator. ``is_protected``: rounded or withheld outside the scope; ``is_released``: in"
        " a table of it."
    ),
    _("A period by the rule of the decree. ``is_closed``: figures about people are released of it."),
    _("Under which published figures may be used."),
    _("The part that a person of the case had in what was done to the victim."),
    _("What holds for the whole answer. ``generated_at`` is when one of its figures last changed."),
    _(
        "``licence`` is that of published figures; null where the answer holds none, but those of"
        " the reader's own scope."
    ),
    _("What a model was found to be worth on a day."),
    _(
        "An assessment as it is sent. The verdict is an opinion: stopping and replicating are steps"
        " of their own."
    ),
    _("For which units a model is made anew, and since when they have it."),
    _("When and why a model is stopped."),
    _("A model as it is sent, whole: what is left out is empty."),
    _("A unit's text for one section of its form."),
    _("A unit's text for one section."),
    _("That there was nothing to report about people and cases, said in the sender's name."),
    _(
        "What a unit owes for a period, and where it stands. ``is_nil``: the unit confirmed that"
        " there was nothing."
    ),
    _("One of the times the activity took place. ``attendances`` are attendances, not people."),
    _("An article that a case is prosecuted under."),
    _("The obligation that a submission answers."),
    _("What a unit says. What is left out stays as it is."),
    _("A period with its days, both included, and the rule that fixes them."),
    _("A plan tried in some areas for some time."),
    _("What of a pilot can be changed, sent whole: what is left out is empty."),
    _("A figure before, half-way or at the end; ``as_reported`` is how it was told."),
    _("Under which plan the tasks are made anew, for whom and until when."),
    _(
        "That a pilot goes no further. ``open_tasks`` is how many are open and will be closed for"
        " this reason."
    ),
    _("A new pilot. Its tasks are those of its document, which is piloted once."),
    _("An area as an answer names it."),
    _("The places of one agency. All are people; null was not told."),
    _("A row as it is sent: an agency of the portal, or another unit by its name."),
    _("A model as it is read. ``members`` is how many take part, as reported; null where it is not known."),
    _("A phase of the programme. ``legal_basis`` is told to who may see the document."),
    _("What a unit told, with the evidence the reader may open and the number of pieces that are hidden."),
    _("The same with files that show it, as multipart/form-data."),
    _("How far the task has come, and what shows it."),
    _("A project of a programme, with the kinds of agency that lead it."),
    _('What was counted. ``as_reported`` is the figure as told: "6.770", "trên 6.770", "hàng trăm".'),
    _("Why an activity is given back to its unit."),
    _("Why a submission goes back to its unit."),
    _("What a higher body is asked to do, and its answer. ``answer_document`` is told to who may see it."),
    _("A recommendation as it is sent: to an agency of the portal, or to a body by its name."),
    _("Why own agency cannot take the person over, without names."),
    _("A register as it is read. Takers and passers are people, averages are marks from 0 to 10."),
    _("A register as it is sent, whole: what is left out is empty."),
    _("What the document rests on, and how."),
    _("An issued report. ``code`` is the one of /verify/; the hashes are those of the files."),
    _(
        'One figure of a submission. ``as_reported`` is the figure as told: "6.770", "trên 6.770",'
        ' "hàng trăm".'
    ),
    _("What became of one of them: 201 with its id, or the status and the errors it would have had alone."),
    _("What became of each, in the order sent."),
    _("The places of a route in their order."),
    _("The places that a route has from now on, in their order."),
    _("What is to be corrected in a section; without one, in the whole."),
    _("A service that was given. ``amount`` is in đồng; empty where it costs nothing or is not known."),
    _("Activities that are sent together, each as it would be sent alone."),
    _("A stage that a case reached, with the counts of that stage. Counts of stages are never added."),
    _("The standing a person has from a day on, until the next one."),
    _("An answer: what holds for all of it, and its figures in the order asked."),
    _("A decision about whether the person is a victim. The latest by date holds."),
    _("A stay in a facility from a day to a day, both included; running while ``valid_to`` is empty."),
    _("A place the person was brought from, through or to; ``area`` is known in Viet Nam only."),
    _("A place of a route as it is sent; ``area`` is the id of a province."),
    _("A submission as a list gives it. ``sent`` counts the versions that were submitted."),
    _("A submission with its figures and texts."),
    _("The support of a person, as it stands."),
    _("What a programme aims at; with ``out_of`` the value is a percentage of that indicator."),
    _("A target and the programme it belongs to."),
    _("A numbered task of a document."),
    _("A tip as a list gives it."),
    _("A tip with what was told, and the case that was opened from it."),
    _("A request to take a person over: all that the receiving agency sees until it accepts."),
    _("An agency in an area: who receives a task."),
    _("What a court decided about a person at one trial. Terms are in months."),
    _("A file under its code. ``case`` is the code of the case, for who may see the case."),
    _("A search for a person, running while ``until`` is empty."),
    _("A comment as it was written, and the names in it of whom nobody was told."),
    _("An error by RFC 9457."),
    # Fields
    _("The names of who was told."),
    _("Relations to documents the reader may see."),
    _("The model it was made from, where the reader may see it."),
    _("The article of the criminal code that the verdict rests on."),
    _("Where the support stands: open, closure_asked or closed; null before it begins."),
    _("Unknown, borne by several, or of somebody who may not see the record."),
    # Parameters and answers
    _("The pagination cursor value."),
    _("Number of results to return per page."),
    _("No response body"),
    _(
        "The id of an agency: its records and reports alone. Outside the reader's scope its figures"
        " about people and cases are withheld."
    ),
)
_KNOWN = frozenset(SENTENCES)
_METHODS = ("get", "post", "put", "patch", "delete")


def in_language(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say every description of the document in the active language. A hook of drf-spectacular.

    Parts of the document belong to modules and are shared by all languages, so a copy is said.
    """
    result = deepcopy(result)
    for methods in result["paths"].values():
        for operation in (methods[method] for method in _METHODS if method in methods):
            for part in (operation, *operation.get("parameters", ()), *operation["responses"].values()):
                _say(part)
    for shape in result["components"]["schemas"].values():
        for part in (shape, *shape.get("properties", {}).values()):
            _say(part)
    return result


def _say(part: dict[str, Any]) -> None:
    if "description" in part:
        part["description"] = "\n\n".join(_said(each) for each in paragraphs_of(str(part["description"])))


def _said(paragraph: str) -> str:
    sentence = " ".join(paragraph.split())
    return gettext(sentence) if sentence in _KNOWN else paragraph


def paragraphs_of(description: str) -> list[str]:
    """What stands between empty lines."""
    return re.split(r"\n\s*\n", description)
