"""Holds objects of KEDA and of the Prometheus operator to the types made from their CRDs: operators.py FILE...

A field that isn't there is an error. Prints a line per problem, and ends with 1 if there is one; else says how many objects it has seen of each kind.
"""
import collections
import copy
import sys

import cloudcoil.pydantic

# Before the models take it over: nothing unknown, and names only as they are in YAML.
cloudcoil.pydantic.BaseModel.model_config.update(extra="forbid", populate_by_name=False)

import pydantic
import yaml
from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import PrometheusRule, ServiceMonitor

MODELS = {
    ("keda.sh/v1alpha1", "ScaledObject"): ScaledObject,
    ("monitoring.coreos.com/v1", "PrometheusRule"): PrometheusRule,
    ("monitoring.coreos.com/v1", "ServiceMonitor"): ServiceMonitor,
}


def problems_of(model, document):
    try:
        model.model_validate(document)
    except pydantic.ValidationError as error:
        return [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
    return []


def misspelt(document):
    """A copy with a field too many, as deep as a list of its specification goes."""
    changed = copy.deepcopy(document)
    deepest = next(value for value in changed["spec"].values() if isinstance(value, list))
    deepest[0]["misspelt"] = "x"
    return changed


def main(files):
    seen = collections.Counter()
    problems = []
    for file in files:
        with open(file, encoding="utf-8") as text:
            documents = [document for document in yaml.safe_load_all(text) if document is not None]
        for document in documents:
            kind = document["kind"]
            model = MODELS.get((document["apiVersion"], kind))
            if model is None:
                continue
            seen[kind] += 1
            problems += [f"{file}: {kind} {document['metadata']['name']}: {each}" for each in problems_of(model, document)]
            if not problems_of(model, misspelt(document)):
                problems.append(f"{kind}: a misspelt field goes unnoticed, so this check says nothing")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(seen.items())))
    return 1 if problems or len(seen) < len(MODELS) else 0


sys.exit(main(sys.argv[1:]))
