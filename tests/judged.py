"""Questions with the rows that count as a right first hit, as judged before the search was made."""

Judged = dict[str, tuple[str, ...]]

FIRST: Judged = {
    "CRBN": (
        "entity/crbn",
        "mechanism/cereblon-engagement",
    ),
    "cereblon": (
        "entity/crbn",
        "mechanism/cereblon-engagement",
    ),
    "R2": ("entity/r2",),
    "R squared": ("entity/r2",),
    "R²": ("entity/r2",),
    "DLBCL ABC": ("subtype/dlbcl-abc",),
    "activated B cell DLBCL": ("subtype/dlbcl-abc",),
    "antibody dependent cytotoxicity": (
        "mechanism/adcc-enhancement",
        "entity/adcc",
    ),
    "ADCC": (
        "mechanism/adcc-enhancement",
        "entity/adcc",
    ),
    "IFN-β": (
        "entity/ifnb1",
        "mechanism/interferon-beta-toxicity",
        "entity/ifnb-production",
    ),
    "interferon beta": (
        "entity/ifnb1",
        "mechanism/interferon-beta-toxicity",
        "entity/ifnb-production",
    ),
    "HGNC:30185": ("entity/crbn",),
    "24292623": ("reference/lu-2014",),
    "revlimid": ("entity/lenalidomide",),
    "CC-5013": ("entity/lenalidomide",),
    "nurse like cells": (
        "mechanism/nurse-like-cell-support-loss",
        "entity/nurse-like-cell",
    ),
    "NLC": (
        "entity/nurse-like-cell",
        "mechanism/nurse-like-cell-support-loss",
        "evidence/rev-fig1-nlc",
    ),
    "rituximib": (
        "entity/rituximab",
        "partner/rituximab",
    ),
    "lenalidomid": ("entity/lenalidomide",),
    "rituxi": (
        "entity/rituximab",
        "partner/rituximab",
    ),
    "leukemia": ("subtype/cll-sll",),
    "chronic lymphocytic leukaemia": ("subtype/cll-sll",),
    "Leukämie": ("subtype/cll-sll",),
    "tumor cell death": ("entity/tumour-cell-death",),
    "tumour flare": (
        "conflict/tumour-flare-outside-cll",
        "evidence/awan-flare",
        "evidence/fowler-sll-flare",
        "entity/tumour-flare",
        "mechanism/tumour-cell-costimulatory-change",
    ),
    "T cell synapse": (
        "mechanism/t-cell-synapse-repair",
        "entity/t-cell-immune-synapse",
    ),
    "resistance cereblon": ("mechanism/cereblon-loss-resistance",),
    "mantle cell response rate": (
        "subtype/mantle-cell-lymphoma",
        "evidence/habermann-mcl",
        "evidence/emerge-main",
        "evidence/lr-mcl-9y",
        "evidence/witzig11-subtypes",
        "trial/mcl-subgroup-2009",
        "reference/habermann-2009",
    ),
    "ikaros aiolos degradation": (
        "mechanism/ikzf1-ikzf3-degradation-in-tumour-cells",
        "evidence/gandhi-t-degrades",
        "evidence/resist23-cascade",
        "evidence/lu-degrades-ikzf1",
    ),
    "PD-L1": ("entity/cd274",),
    "PDL1": ("entity/cd274",),
    "IL2": ("entity/il2",),
    "interleukin 2 T cells": (
        "mechanism/t-cell-ikaros-loss-and-il2",
        "entity/il2",
        "entity/il2-production",
    ),
    "NFkB": (
        "entity/nf-kb",
        "mechanism/nf-kb-survival-signal-loss",
        "entity/nf-kb-activity",
    ),
    "NF-κB": (
        "entity/nf-kb",
        "mechanism/nf-kb-survival-signal-loss",
        "entity/nf-kb-activity",
    ),
    "AUGMENT hazard ratio": (
        "trial/augment",
        "evidence/augment-pfs",
    ),
    "ibrutinib lenalidomide synergy": (
        "evidence/yang-ibrutinib-synergy",
        "partner/ibrutinib",
    ),
    "R-CHOP plus lenalidomide": (
        "conflict/lenalidomide-added-to-r-chop",
        "trial/robust",
        "trial/r2chop-phase-2-pooled",
        "reference/nowakowski-2021-robust",
        "evidence/robust-pfs",
    ),
    "Waldenstrom": ("subtype/waldenstrom-macroglobulinaemia",),
    "neutropenia mechanism": (
        "mechanism/blood-progenitor-effects",
        "evidence/cd34-pu1-neutropenia",
    ),
    "angiogenesis": (
        "entity/angiogenesis",
        "mechanism/vessel-growth-inhibition",
    ),
    "does it kill CLL cells directly": (
        "evidence/acebes-no-direct-apoptosis",
        "evidence/fecteau-not-cytotoxic",
    ),
    "NCT01938001": ("trial/augment",),
    "Gribben 2015": ("reference/gribben-2015",),
    "Lu Kaelin Ikaros science": ("reference/lu-2014",),
    "NK cell expansion IL-2": (
        "mechanism/nk-cell-activation-and-killing",
        "mechanism/t-cell-cytokine-help-for-nk-cells",
        "evidence/acebes-nk-via-cd4",
    ),
    "germinal center DLBCL response": (
        "subtype/dlbcl-gcb",
        "evidence/hernandez-coo",
        "evidence/dlc001-coo",
        "reference/hernandez-2011",
    ),
    "double refractory mantle cell bortezomib": (
        "reference/goy-2013",
        "trial/emerge",
        "evidence/emerge-main",
    ),
    "folicular lymphoma": ("subtype/follicular-lymphoma",),
    "obinituzumab": (
        "entity/obinutuzumab",
        "partner/obinutuzumab",
    ),
    "natural killer": (
        "entity/nk-cell",
        "mechanism/nk-cell-activation-and-killing",
    ),
    "T-reg": (
        "entity/treg",
        "mechanism/regulatory-t-cell-restraint",
    ),
    "Tregs": (
        "entity/treg",
        "mechanism/regulatory-t-cell-restraint",
    ),
    "teratogenicity": (
        "evidence/ito-teratogenicity",
        "reference/ito-2010",
    ),
    "MCL": ("subtype/mantle-cell-lymphoma",),
}
HELD_BACK: Judged = {
    "Aiolos": ("entity/ikzf3",),
    "IKZF1": (
        "entity/ikzf1",
        "mechanism/ikzf1-ikzf3-degradation-in-tumour-cells",
    ),
    "TNF alpha": ("entity/tnf",),
    "TNF-α direction": ("conflict/tnf-direction",),
    "checkpoint ligands CLL": (
        "mechanism/inhibitory-ligand-lowering",
        "entity/inhibitory-ligands",
        "evidence/ramsay12-ligands",
    ),
    # Release 2026.12 added ofatumumab, which is an antibody against CD20 as the others are.
    "anti-CD20": (
        "entity/rituximab",
        "entity/obinutuzumab",
        "partner/rituximab",
        "partner/obinutuzumab",
        "partner/ofatumumab",
    ),
    "granzyme": ("entity/gzmb",),
    "tafasitamab DLBCL approval": (
        "evidence/appr-2020-tafa",
        "reference/fda-2020-tafa-ash",
    ),
    "L-MIND": ("trial/l-mind",),
    "LMIND": ("trial/l-mind",),
    "relevance trial": ("trial/relevance",),
    "venous thromboembolism": (
        "evidence/label-boxed-warning",
        "entity/venous-thrombosis",
        "conflict/thrombosis-risk",
    ),
    "thrombosis": (
        "evidence/calgb50401-thrombosis",
        "entity/venous-thrombosis",
        "mechanism/endothelial-activation-and-thrombosis",
        "conflict/thrombosis-risk",
    ),
    "mouse cereblon": (
        "conflict/mouse-cereblon",
        "evidence/crbn-i391v-mouse",
    ),
    "immunological synapse folicular": (
        "reference/ramsay-2009",
        "evidence/ramsay09-repair",
        "evidence/ramsay09-defect",
        "evidence/galent-synapse",
        "mechanism/t-cell-synapse-repair",
    ),
    "haematological toxicity": ("evidence/label-boxed-warning",),
    "10.1200/JCO.2014.59.5363": ("reference/gribben-2015",),
    "PMC5320950": ("reference/gribben-2015",),
    "pomalidomide T cells": (
        "evidence/gandhi-t-degrades",
        "reference/gandhi-2014",
        "evidence/galustian-costim",
    ),
    "cell of origin": (
        "conflict/cell-of-origin-in-dlbcl",
        "evidence/goldfinger-coo",
        "reference/goldfinger-2021",
        "trial/dlbcl-cell-of-origin-2011",
    ),
    "Velcade synergy": (
        "partner/bortezomib",
        "evidence/rev-s7-bortezomib",
        "entity/bortezomib",
    ),
    "casein kinase": ("entity/csnk1a1",),
    "marginal zone": ("subtype/marginal-zone-lymphoma",),
    "lymphangiogenesis mantle": (
        "reference/song-2013",
        "evidence/song-lymphangiogenesis",
    ),
    "Th1 cytokines": ("evidence/chiu-reactivate",),
    "IRF4 over-expression": (
        "mechanism/irf4-overexpression-resistance",
        "evidence/zhang-irf4-overexpr",
    ),
}

LATER: Judged = {
    "Imbruvica": (
        "entity/ibrutinib",
        "partner/ibrutinib",
    ),
    "MabThera": (
        "entity/rituximab",
        "partner/rituximab",
    ),
    "Monjuvi DLBCL": (
        "partner/tafasitamab",
        "trial/l-mind",
        "reference/fda-2020-tafa-ash",
        "evidence/appr-2020-tafa",
        "reference/duell-2021",
        "reference/duell-2024",
    ),
    "Epkinly": (
        "entity/epcoritamab",
        "partner/epcoritamab",
    ),
    "CC-4047": ("entity/pomalidomide",),
    "CC122": ("entity/avadomide",),
    "GA101": (
        "entity/obinutuzumab",
        "partner/obinutuzumab",
    ),
    "lenolidomide": ("entity/lenalidomide",),
    "difuse large B-cell lymhpoma": ("subtype/diffuse-large-b-cell-lymphoma",),
    "dexamethazone": (
        "partner/dexamethasone",
        "entity/dexamethasone",
    ),
    "microenviroment": ("mechanism/dual-action-on-tumour-and-microenvironment",),
    "rituximb resistence": (
        "trial/r2-rituximab-resistant",
        "trial/len-dex-rituximab",
        "reference/chong-2015",
        "evidence/chong-resistance",
    ),
    "cerebelon loss": (
        "entity/crbn-loss",
        "mechanism/cereblon-loss-resistance",
    ),
    "lymphoma follicular": ("subtype/follicular-lymphoma",),
    "cell mantle lymphoma": ("subtype/mantle-cell-lymphoma",),
    "degradation Ikaros": (
        "mechanism/ikzf1-ikzf3-degradation-in-tumour-cells",
        "evidence/lu-degrades-ikzf1",
    ),
    "killer natural cells": ("entity/nk-cell",),
    "regulatory T-cells": (
        "entity/treg",
        "mechanism/regulatory-t-cell-restraint",
    ),
    "proteasome inhibitors": (
        "partner/bortezomib",
        "entity/bortezomib",
    ),
    "checkpoint inhibitor": (
        "mechanism/inhibitory-ligand-lowering",
        "partner/atezolizumab",
    ),
    "BTK inhibitors": (
        "partner/ibrutinib",
        "partner/acalabrutinib",
        "partner/zanubrutinib",
    ),
    "bispecific antibodies": (
        "partner/epcoritamab",
        "partner/mosunetuzumab",
        "mechanism/car-t-cell-support",
    ),
    "Waldenstroms macroglobulinemia": ("subtype/waldenstrom-macroglobulinaemia",),
    "hematopoiesis": (
        "entity/haematopoietic-precursor",
        "mechanism/blood-progenitor-effects",
    ),
    "tumor associated macrophage": ("entity/tumour-associated-macrophages",),
    "B cell receptor signaling": ("entity/bcr-signalling",),
    "IFNγ": ("entity/ifng",),
    "NF kappa B signalling": (
        "entity/nf-kb",
        "entity/nf-kb-activity",
        "mechanism/nf-kb-survival-signal-loss",
    ),
    "CK1α degradation": (
        "mechanism/ck1-alpha-degradation",
        "entity/ck1-alpha-breakdown",
    ),
    "c-Myc": (
        "entity/myc",
        "mechanism/irf4-and-myc-loss",
    ),
    "anti-PD-1": (
        "entity/pdcd1",
        "conflict/pd-1-on-t-cells",
    ),
    "phospho-ERK": (
        "entity/erk",
        "evidence/wu-erk",
    ),
    "PD-1/PD-L1": (
        "entity/pdcd1",
        "entity/cd274",
        "mechanism/inhibitory-ligand-lowering",
    ),
    "IKZF1/3": (
        "entity/ikzf1",
        "mechanism/ikzf1-ikzf3-degradation-in-tumour-cells",
    ),
    "PU.1": ("entity/spi1",),
    "TIM3": ("entity/havcr2",),
    "MCP-1": ("entity/ccl2",),
    "front-MIND": ("trial/frontmind",),
    "EPCORE FL1": ("trial/epcore-fl-1",),
    "MCL002": ("trial/sprint",),
    "nct 01938001": ("trial/augment",),
    "pubmed 24292623": ("reference/lu-2014",),
    "Krönke 2015": ("reference/kronke-2015",),
    "why does lenalidomide cause neutropenia": (
        "mechanism/blood-progenitor-effects",
        "evidence/cd34-pu1-neutropenia",
    ),
    "why does tumour flare happen": (
        "entity/tumour-flare",
        "mechanism/tumour-cell-costimulatory-change",
    ),
    "how does lenalidomide work with rituximab": (
        "evidence/rev-s7-rituximab",
        "mechanism/adcc-enhancement",
        "partner/rituximab",
    ),
    "what is the target of lenalidomide": (
        "evidence/rev-s2-crbn-target",
        "entity/crbn",
        "mechanism/cereblon-engagement",
    ),
    "why do patients become resistant to lenalidomide": (
        "entity/lenalidomide-resistance",
        "mechanism/cereblon-loss-resistance",
        "evidence/rev-s3-crbn-loss-resistance",
    ),
    "lenalidomide-induced neutropenia": (
        "mechanism/blood-progenitor-effects",
        "evidence/cd34-pu1-neutropenia",
    ),
    "do ordinary mice respond": ("conflict/mouse-cereblon",),
    "second cancers lymphoma": ("conflict/second-cancers-in-lymphoma",),
    "does lenalidomide work in GCB DLBCL": ("conflict/cell-of-origin-in-dlbcl",),
    "CRBN-mediated degradation": (
        "mechanism/ikzf1-ikzf3-degradation-in-tumour-cells",
        "mechanism/ck1-alpha-degradation",
        "mechanism/cereblon-engagement",
    ),
    "how do NK cells kill lymphoma cells": (
        "mechanism/nk-cell-activation-and-killing",
        "mechanism/adcc-enhancement",
        "mechanism/t-cell-cytokine-help-for-nk-cells",
    ),
    "why does loss of cereblon cause resistance": (
        "mechanism/cereblon-loss-resistance",
        "entity/crbn-loss",
    ),
    "how does lenalidomide lower IRF4": (
        "mechanism/irf4-and-myc-loss",
        "mechanism/nf-kb-survival-signal-loss",
    ),
    "how large is the risk of thrombosis": ("conflict/thrombosis-risk",),
    "how many patients responded in EMERGE": (
        "conflict/emerge-response-count",
        "evidence/emerge-main",
        "trial/emerge",
    ),
}
"""Asked later, in the ways of a doctor, a chemist and a hasty typist; judged before they were
asked, but for two, whose first hits were then found right as well."""
