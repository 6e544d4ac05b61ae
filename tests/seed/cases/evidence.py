"""Broken rules of evidence, and how each is reported."""

from tests.seed.documents import Cases, both, drop, each, put, twice

CASES: Cases = {
    "a claim on a mechanism names none": (
        put("evidence", "rev-s1-oral", "mechanism", to=None),
        (
            "evidence.yaml: rev-s1-oral: mechanism: is empty, but a row of kind mechanism "
            "names its mechanism"
        ),
    ),
    "a partner is claimed twice": (
        twice("evidence", "yang-ibrutinib-synergy", "partners", 0),
        "evidence.yaml: yang-ibrutinib-synergy: partners: holds 'ibrutinib' 2 times",
    ),
    "a claim passes through no member": (
        put("evidence", "yang-ibrutinib-synergy", "partners", 0, "via", to="crbn"),
        (
            "evidence.yaml: yang-ibrutinib-synergy: partners 1 (ibrutinib): via: is 'crbn', "
            "which is no member of ibrutinib"
        ),
    ),
    "a partner is approved outside an approval": (
        put("evidence", "rev-s7-rituximab", "partners", 0, "interaction", to="approved"),
        (
            "evidence.yaml: rev-s7-rituximab: partners 1 (rituximab): interaction: is "
            "'approved', but the kind of the row is 'combination', expected 'approval'"
        ),
    ),
    "a link leads nowhere": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "id", to="lenalidomid"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): id: is 'lenalidomid', "
            "expected an id in entities.yaml; nearest: 'lenalidomide', 'thalidomide', "
            "'pomalidomide'"
        ),
    ),
    "a link has an unknown type": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "type", to="thing"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (thing): type: is 'thing', "
            "expected an id of link_types in vocabulary.yaml; nearest: 'entity', 'partner', "
            "'subtype'"
        ),
    ),
    "the id of a link is no text": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "id", to=5),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): id: is 5, expected a "
            "text; put it in quotes"
        ),
    ),
    "a known name is not linked": (
        put("evidence", "rev-s1-oral", "object", "text", to="CRBN"),
        (
            "evidence.yaml: rev-s1-oral: object: links: is empty, but 'CRBN' is an alias of "
            "the entity crbn"
        ),
    ),
    "a statement of two sentences": (
        put("evidence", "rev-s1-oral", "statement", to="It is a drug. It is taken by mouth."),
        ("evidence.yaml: rev-s1-oral: statement: is not one sentence that ends with a full stop"),
    ),
    "a statement without its end": (
        put("evidence", "rev-s1-oral", "statement", to="Lenalidomide is taken by mouth"),
        ("evidence.yaml: rev-s1-oral: statement: is not one sentence that ends with a full stop"),
    ),
    "a statement that points to another text": (
        put("evidence", "rev-s1-oral", "statement", to="This drug is taken by mouth."),
        (
            "evidence.yaml: rev-s1-oral: statement: does not stand alone: 'This drug' points to "
            "another text"
        ),
    ),
    "a borrowed row under a subtype": (
        put("evidence", "aue-cd80-normal", "subtypes", to=["cll-sll"]),
        (
            "evidence.yaml: aue-cd80-normal: subtypes: is for what was measured in lymphoma, but "
            "the row is borrowed"
        ),
    ),
    "a thing is linked twice": (
        twice("evidence", "rev-s1-oral", "subject", "links", 0),
        "evidence.yaml: rev-s1-oral: subject: links: holds 'entity lenalidomide' 2 times",
    ),
    "a state of what is no entity": (
        put("evidence", "robust-pfs", "object", "links", 0, "state", to="decreased"),
        (
            "evidence.yaml: robust-pfs: object: links 1 (subtype): state: is 'decreased', but only "
            "an entity has a state"
        ),
    ),
    "opposite claims outside a conflict": (
        drop("conflicts", "cd20-on-cll-cells"),
        (
            "evidence.yaml: acebes-cd20-up: relation: has the sign opposite to that of "
            "lapalombella-cd20-down on lenalidomide and cd20; name both in a conflict"
        ),
    ),
    "a row of the review has another level": (
        put("evidence", "rev-s1-oral", "level", to="A"),
        "evidence.yaml: rev-s1-oral: level: is A, but the rule gives E for setting review",
    ),
    "a row in animals has another level": (
        put("evidence", "crbn-i391v-mouse", "level", to="D"),
        "evidence.yaml: crbn-i391v-mouse: level: is D, but the rule gives C for setting in_vivo",
    ),
    "a row in culture has another level": (
        put("evidence", "yang-ibrutinib-synergy", "level", to="C"),
        (
            "evidence.yaml: yang-ibrutinib-synergy: level: is C, but the rule gives D for "
            "setting in_vitro"
        ),
    ),
    "an approval has another level": (
        put("evidence", "appr-2013-mcl", "level", to="B"),
        "evidence.yaml: appr-2013-mcl: level: is B, but the rule gives A for kind approval",
    ),
    "a row of a phase 3 trial has another level": (
        put("evidence", "robust-pfs", "level", to="B"),
        (
            "evidence.yaml: robust-pfs: level: is B, but the rule gives A for a randomised "
            "phase 3 trial"
        ),
    ),
    "a single-arm part of a phase 3 trial has level A": (
        put("evidence", "magnify-fda", "level", to="A"),
        (
            "evidence.yaml: magnify-fda: level: is A, but the rule gives B for the "
            "single-arm part of a phase 3 trial"
        ),
    ),
    "a row of another trial has level A": (
        put("trials", "robust", "design", to="pooled"),
        (
            "evidence.yaml: robust-pfs: level: is A, but the rule gives B for a clinical "
            "trial that is not a randomised one of phase 3"
        ),
    ),
    "a row has no context": (
        put("evidence", "rev-s1-oral", "contexts", to=[]),
        "evidence.yaml: rev-s1-oral: contexts: is empty, expected at least one context",
    ),
    "a stated origin outside a review": (
        put("evidence", "robust-pfs", "origin", to="stated"),
        (
            "evidence.yaml: robust-pfs: origin: is 'stated' with setting 'clinical_trial'; "
            "'stated' and 'review' go together"
        ),
    ),
    "a review with another origin": (
        put("evidence", "rev-s1-oral", "origin", to="native"),
        (
            "evidence.yaml: rev-s1-oral: origin: is 'native' with setting 'review'; "
            "'stated' and 'review' go together"
        ),
    ),
    "a borrowed origin in lymphoma": (
        put("evidence", "robust-pfs", "origin", to="borrowed"),
        (
            "evidence.yaml: robust-pfs: origin: is 'borrowed' with contexts b-cell-nhl; it "
            "needs contexts other than b-cell-nhl and cll-sll"
        ),
    ),
    "a mixed origin with lymphoma alone": (
        put("evidence", "robust-pfs", "origin", to="mixed"),
        (
            "evidence.yaml: robust-pfs: origin: is 'mixed' with contexts b-cell-nhl; it "
            "needs b-cell-nhl or cll-sll, and another context"
        ),
    ),
    "a native origin with myeloma": (
        put("evidence", "robust-pfs", "contexts", to=["b-cell-nhl", "myeloma"]),
        (
            "evidence.yaml: robust-pfs: origin: is 'native' with contexts b-cell-nhl, "
            "myeloma; it needs b-cell-nhl or cll-sll, and nothing else but animal"
        ),
    ),
    "a native origin without lymphoma": (
        put("evidence", "robust-pfs", "contexts", to=["animal"]),
        (
            "evidence.yaml: robust-pfs: origin: is 'native' with contexts animal; it needs "
            "b-cell-nhl or cll-sll, and nothing else but animal"
        ),
    ),
    "a row in animals without their context": (
        put("evidence", "crbn-i391v-mouse", "contexts", to=["not-stated"]),
        "evidence.yaml: crbn-i391v-mouse: contexts: lacks 'animal', which setting in_vivo needs",
    ),
    "a row of the review denies it": (
        put("evidence", "rev-s1-oral", "in_review", to=False),
        (
            "evidence.yaml: rev-s1-oral: in_review: is false with reference 'gribben-2015'; "
            "true is for gribben-2015 and only for it"
        ),
    ),
    "a row of another source claims the review": (
        put("evidence", "robust-pfs", "in_review", to=True),
        (
            "evidence.yaml: robust-pfs: in_review: is true with reference "
            "'nowakowski-2021-robust'; true is for gribben-2015 and only for it"
        ),
    ),
    "a place that the review does not have": (
        put("evidence", "rev-s1-oral", "locator", to="abstract, sentence 11"),
        (
            "evidence.yaml: rev-s1-oral: locator: is 'abstract, sentence 11', expected "
            "'abstract, sentence 1' to 10, 'Figure 1 caption', 'Introduction, first "
            "sentence', 'citation line' or 'bibliography item 1' to 5"
        ),
    ),
    "a claim of the abstract is linked to nothing": (
        both(
            put("evidence", "rev-s7-rituximab", "partners", to=[]),
            put("evidence", "rev-s7-rituximab", "subtypes", to=[]),
        ),
        (
            "evidence.yaml: rev-s7-rituximab: locator: is 'abstract, sentence 7', but the "
            "row names no mechanism, partner or subtype"
        ),
    ),
    "a sentence of the abstract is not covered": (
        each("evidence", "locator", "abstract, sentence 3", to="abstract, sentence 2"),
        "evidence.yaml: locator: no row of the review has 'abstract, sentence 3'",
    ),
}
