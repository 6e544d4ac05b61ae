"""Why a partner fits, in brief: sentences, counts and the ids of claims."""

from app.graph.brief import brief_path, claims_along, shown_claims
from app.rationale.shapes import ClaimGroup, MeetingPlace, Rationale, TouchedConflict, TrialGroup
from app.read.brief import Rest, Values, fitted, not_empty, rest


def brief_rationale(found: Rationale, whole: str, evidence: str) -> str:
    """The answer in brief.

    `whole` is the address of the full answer, `evidence` that of the claims about the pair.
    """

    def made(most: int) -> Values:
        meetings = [_meeting(one, most) for one in found.meetings[:most]]
        groups = [_group(one, most) for one in found.evidence]
        trials = [_trials(one, most) for one in found.trials]
        conflicts = [_conflict(one) for one in found.conflicts[:most]]
        return not_empty(
            {
                "drug": found.drug.id,
                "partner": found.partner.id,
                "entries": [one.id for one in found.entries],
                "sentence": found.sentence,
                "meetings": meetings,
                "truncated": found.truncated,
                "evidence": groups,
                "trials": trials,
                "conflicts": conflicts,
                **rest(
                    [
                        Rest("meetings", len(found.meetings) - len(meetings), whole),
                        Rest("steps", len(_steps(found)), whole),
                        Rest("claims of steps", len(_claims(found) - _shown(meetings)), whole),
                        Rest("claims", _total(found) - len(shown_claims(groups)), evidence),
                        Rest("trials", _hidden_trials(found, trials), whole),
                        Rest("outcomes", len(_outcomes(found)), whole),
                        Rest("conflicts", len(found.conflicts) - len(conflicts), whole),
                    ]
                ),
            }
        )

    return fitted(made)


def _meeting(found: MeetingPlace, most: int) -> Values:
    return {
        "node": found.node.id,
        "agreement": found.agreement,
        "sentence": found.sentence,
        "paths": [brief_path(one, most) for one in (found.drug_path, found.partner_path)],
    }


def _group(found: ClaimGroup, most: int) -> Values:
    return not_empty(
        {
            "interaction": found.interaction,
            "measured": found.origin,
            "total": found.total,
            "claims": [one.id for one in found.items][:most],
        }
    )


def _trials(found: TrialGroup, most: int) -> Values:
    trials = [one.id for one in found.trials][:most]
    return {"subtype": found.subtype.id, "line": found.line, "trials": trials}


def _conflict(found: TouchedConflict) -> Values:
    return not_empty(
        {
            "id": found.id,
            "question": found.question,
            "state": found.state,
            "computed": found.computed,
            "claims": found.evidence,
        }
    )


def _steps(found: Rationale) -> set[str]:
    paths = [path for one in found.meetings for path in (one.drug_path, one.partner_path)]
    return {step.id for path in paths for step in path.steps}


def _claims(found: Rationale) -> set[str]:
    paths = [path for one in found.meetings for path in (one.drug_path, one.partner_path)]
    return {claim for path in paths for claim in claims_along(path)}


def _shown(meetings: list[Values]) -> set[str]:
    return {claim for one in meetings for claim in shown_claims(one["paths"])}


def _total(found: Rationale) -> int:
    return len({one.id for group in found.evidence for one in group.items})


def _hidden_trials(found: Rationale, shown: list[Values]) -> int:
    every = {one.id for group in found.trials for one in group.trials}
    return len(every - {one for group in shown for one in group["trials"]})


def _outcomes(found: Rationale) -> set[str]:
    trials = [trial for group in found.trials for trial in group.trials]
    return {outcome.id for trial in trials for outcome in trial.outcomes}
