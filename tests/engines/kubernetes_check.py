# Checks the YAML on standard input against the schema of the newest Kubernetes that is known, offline.
import sys

import kubernetes_validate
import yaml

version = kubernetes_validate.latest_version()
for document in yaml.safe_load_all(sys.stdin):
    kubernetes_validate.validate(document, version, strict=True)
    print(document["kind"], version)
