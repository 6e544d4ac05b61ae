"""Why a partner fits: combine the answer of the network with claims, trials and conflicts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from app.graph import show
from app.graph.load import NetworkData
from app.graph.sentences import meeting_sentence
from app.network import Convergence, Meeting, Step
from app.rationale.pair import Pair, Verdict
from app.rationale.shapes import (
    ClaimGroup,
    ClaimInGroup,
    Entry,
    MeetingPlace,
    PairClaim,
    Rationale,
    TestedTrial,
    TouchedConflict,
    TrialAsRead,
    TrialGroup,
)
from app.resources.conflicts import ConflictRead
from app.resources.partners import PartnerRead
from app.schema.shapes import EntityRef, PartnerRef, SubtypeRef
from app.schema.vocabulary import words

DRUG = EntityRef(id="lenalidomide", label="lenalidomide", kind="drug")


def whole_answer(
    data: NetworkData,
    pair: Pair,
    found: list[Entry],
    convergence: Convergence,
    conflicts: Sequence[ConflictRead],
) -> Rationale:
    """The whole answer, put together from its parts."""
    met = [meeting(data, each) for each in convergence.meetings]
    on_paths = {step.id for step in steps(convergence)}
    about = {claim.evidence.id for claim in pair.claims}
    return Rationale(
        graph=show.about(data, f"Why {pair.partner.name} fits lenalidomide"),
        drug=DRUG,
        partner=PartnerRef(id=pair.partner.id, name=pair.partner.name),
        entries=found,
        curated=convergence.curated,
        sentence=summary(pair.partner, found, met),
        meetings=met,
        truncated=convergence.truncated,
        evidence=claim_groups(pair.claims, pair.totals),
        trials=trial_groups(pair.trials),
        conflicts=[touched(conflict, about, on_paths) for conflict in conflicts],
    )


def entries(data: NetworkData, partner: PartnerRead) -> list[Entry]:
    """Where a partner enters: at its own node, its components or its members."""
    named = [*([partner.entity] if partner.entity else []), *partner.components, *partner.members]
    return [
        Entry(**entity.model_dump(), steps=len(data.network.causal_from(entity.id)))
        for entity in named
    ]


def summary(partner: PartnerRead, found: Sequence[Entry], meetings: Sequence[MeetingPlace]) -> str:
    """Why the partner fits, in one or two sentences, or that no reason is curated."""
    if not any(entry.steps for entry in found):
        where = ", ".join(entry.label for entry in found)
        reason = f"no causal step starts at {where}" if found else "none is named"
        return f"The entry points of {partner.name} are not curated: {reason}."
    if not meetings:
        return f"The curated steps of lenalidomide and of {partner.name} do not meet."
    first = meetings[0]
    return f"Lenalidomide and {partner.name} meet first at {first.node.label}. {first.sentence}"


def meeting(data: NetworkData, found: Meeting) -> MeetingPlace:
    """A node that both drugs reach, with the path of each."""
    return MeetingPlace(
        node=show.entity(data, found.node),
        steps=found.steps,
        agreement=found.agreement,
        sentence=meeting_sentence(data, found),
        met_before=[show.entity(data, node) for node in found.met_before],
        drug_path=show.path(data, found.drug_path),
        partner_path=show.path(data, found.partner_path),
    )


def steps(convergence: Convergence) -> list[Step]:
    """The steps of all paths to the meetings, without duplicates."""
    paths = (
        path for found in convergence.meetings for path in (found.drug_path, found.partner_path)
    )
    by_id = {step.id: step for path in paths for step in path.steps}
    return [by_id[each] for each in sorted(by_id)]


def claim_groups(claims: Sequence[PairClaim], totals: Mapping[Verdict, int]) -> list[ClaimGroup]:
    """The claims by what they say about the pair and by where they were measured."""
    groups: defaultdict[tuple[str | None, str], list[PairClaim]] = defaultdict(list)
    for claim in claims:
        groups[claim.interaction, claim.evidence.origin].append(claim)
    return [
        ClaimGroup(
            interaction=interaction,
            origin=origin,
            total=totals.get((interaction, origin), len(groups[interaction, origin])),
            items=[
                ClaimInGroup(**claim.evidence.model_dump(), line=claim.line, via=claim.via)
                for claim in groups[interaction, origin]
            ],
        )
        for interaction in (*words("interactions"), None)
        for origin in words("origins")
        if (interaction, origin) in groups
    ]


def trial_groups(trials: Sequence[TrialAsRead]) -> list[TrialGroup]:
    """The trials by subtype and line, each with its outcomes for that subtype."""
    groups: defaultdict[tuple[str, str], list[TestedTrial]] = defaultdict(list)
    subtypes: dict[str, SubtypeRef] = {}
    for trial in trials:
        for subtype in _subtypes(trial):
            subtypes[subtype.id] = subtype
            groups[subtype.id, trial.line].append(_of_subtype(trial, subtype.id))
    return [
        TrialGroup(subtype=subtypes[subtype], line=line, trials=groups[subtype, line])
        for subtype in sorted(subtypes)
        for line in words("lines")
        if (subtype, line) in groups
    ]


def _subtypes(trial: TrialAsRead) -> Iterator[SubtypeRef]:
    """The subtypes of a trial, including those that only an outcome names."""
    own = (outcome.subtype for outcome in trial.outcomes if outcome.subtype)
    yield from {subtype.id: subtype for subtype in (*trial.subtypes, *own)}.values()


def _of_subtype(trial: TrialAsRead, subtype: str) -> TestedTrial:
    outcomes = [
        outcome
        for outcome in trial.outcomes
        if subtype in {patients.id for patients in outcome.patients}
    ]
    fields = {name: getattr(trial, name) for name in TestedTrial.model_fields}
    return TestedTrial(**fields | {"outcomes": outcomes})


def touched(
    conflict: ConflictRead, about: Collection[str], on_paths: Collection[str]
) -> TouchedConflict:
    """A conflict with its claims about the pair and its steps on the paths."""
    named = [row.id for side in conflict.sides for row in side.evidence if row.id in about]
    return TouchedConflict(
        id=conflict.id,
        question=conflict.question,
        explanation=conflict.explanation,
        state=conflict.state,
        computed=conflict.computed,
        sides=conflict.sides,
        evidence=list(dict.fromkeys(named)),
        edges=[edge.id for edge in conflict.edges if edge.id in on_paths],
    )
