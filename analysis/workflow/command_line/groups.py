"""The commands in groups, as the help lists them, each with an example."""

from __future__ import annotations

# Group → command → example. Each example is one that the parser takes; a test holds that.
GROUPS: dict[str, dict[str, str]] = {
    "Begin a study": {
        "new": "early-recurrence new my-study --from cohort.xlsx",
        "demo": "early-recurrence demo data/demo --patients 60 --events 30 --validation 12",
        "convert": "early-recurrence convert export my-study/data --rules rules.yml",
        "check": "early-recurrence check --study my-study/study.yml",
    },
    "Compute and write": {
        "run": "early-recurrence run --study my-study/study.yml --timings",
        "report": "early-recurrence report --study my-study/study.yml --format html",
        "render": "early-recurrence render --strict",
        "open": "early-recurrence open --study my-study/study.yml",
    },
    "Look things up": {
        "explain": "early-recurrence explain auc.cr.validation",
        "keys": "early-recurrence keys 'auc.*' --study",
        "scores": "early-recurrence scores",
        "score": "early-recurrence score clinical.csv --dictionary dictionary.yml --score albi",
        "checklist": "early-recurrence checklist --csv items.csv",
    },
    "When the cohort changes": {
        "status": "early-recurrence status",
        "lock": "early-recurrence lock",
        "diff": "early-recurrence diff results.lock.json outputs/my-study",
        "redline": "early-recurrence redline results.lock.json outputs/my-study",
    },
    "Write and submit": {
        "manuscript": "early-recurrence manuscript list",
        "numbers": "early-recurrence numbers article-from-coauthors.docx",
        "submit": "early-recurrence submit --strict",
    },
    "Review": {
        "bundle": "early-recurrence bundle --output bundle.zip",
        "verify": "early-recurrence verify bundle.zip --lock results.lock.json",
    },
    "New patients": {
        "export": "early-recurrence export my-model --model dlrcr",
        "predict": "early-recurrence predict --model my-model patients/P001 patients/P002",
    },
    "Machinery": {
        "worker": "early-recurrence worker scheduler.example:8786 --nworkers 4",
        "pre-render": "early-recurrence pre-render",
        "post-render": "early-recurrence post-render",
        "completion": "early-recurrence completion bash > ~/.early-recurrence-completion",
    },
}
# Of commands below `manuscript`.
ACTIONS = {
    "manuscript list": "early-recurrence manuscript list",
    "manuscript own": "early-recurrence manuscript own discussion",
    "manuscript journal": "early-recurrence manuscript journal",
    "manuscript update": "early-recurrence manuscript update --take report/index.qmd",
}
EXAMPLES = {name: text for group in GROUPS.values() for name, text in group.items()} | ACTIONS
