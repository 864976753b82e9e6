"""Statistics as programs ask for them: many indicators, areas, periods and parts in one question."""

from reporting.statistics.answering import Row, Table, answer_question
from reporting.statistics.asking import Question, QuestionError, read_question

__all__ = ["Question", "QuestionError", "Row", "Table", "answer_question", "read_question"]
