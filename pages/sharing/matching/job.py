"""Matching in the background: one preview for each pair of lists and answers, whoever asks."""

import hashlib
import json
from collections.abc import Hashable, Sequence
from threading import Event

import pandas as pd

from models.matching.preview import Preview, preview_matching
from models.matching.terms import Decision, Terms
from questions.jobs import OTHERS_MATCHING, Job, Work, jobs
from sim.runs.runner import Cancelled, Progress

KIND = "matching"
_QUICK = 0.4  # seconds: what is done by then is shown without a bar


def matching_work(
    patients: pd.DataFrame, slots: pd.DataFrame, terms: Terms, decisions: Sequence[Decision]
) -> Work:
    """Gives the work of matching two lists after the answers so far: a `Preview`."""

    def work(progress: Progress, cancel: Event) -> Preview:
        def say(share: float, _: str) -> None:
            progress(share)
            if cancel.is_set():
                raise Cancelled("The matching was stopped.", "Match again when you are ready.")

        return preview_matching(patients, slots, terms, decisions, say)

    return work


def digest_of(lists: Hashable, terms: Terms, decisions: Sequence[Decision]) -> str:
    """Gives a name for one question: these lists, under these terms, after these answers."""
    question = [repr(lists), str(terms.as_of), terms.count_asked]
    question += [
        [each.patient_id, each.slot_id, each.answer, each.reason, str(each.when)] for each in decisions
    ]
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()


def ask(work: Work, digest: str, watcher: str) -> Job:
    """Gives the job of a question: remembered, joined while it runs, or started."""
    job = jobs().start((KIND, digest), KIND, digest, watcher, work, OTHERS_MATCHING)
    job.done.wait(_QUICK)
    return job
