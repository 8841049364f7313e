"""A Prometheus in the cluster finds every process under the name by which the rules know it."""

from pathlib import Path

import yaml

from support.cluster.building import Document, built, containers, of_kind, pod_of, workloads
from support.cluster.env_files import KUBERNETES
from support.operating import answer_of

SCRAPE = KUBERNETES / "prometheus/scrape.yml"


def labels_of(pod: Document, port: str) -> Document:
    """Return the labels that Prometheus finds on a pod's port, as its documentation names them."""
    about = pod["metadata"]
    found = {f"__meta_kubernetes_pod_label_{_plain(name)}": value for name, value in about["labels"].items()}
    found |= {
        f"__meta_kubernetes_pod_annotation_{_plain(name)}": value
        for name, value in about.get("annotations", {}).items()
    }
    return found | {"__meta_kubernetes_pod_container_port_name": port, "__meta_kubernetes_pod_phase": "Running"}


def relabelled(labels: Document, rules: list[Document]) -> Document | None:
    """Return the labels after the rules, or none where one of them leaves the target out."""
    for rule in rules:
        (source,) = rule["source_labels"]
        if rule.get("action") == "keep":
            if labels.get(source) != rule["regex"]:
                return None
        else:
            labels = labels | {rule["target_label"]: labels.get(source, "")}
    return labels


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def test_promtool_takes_all_of_it_but_the_discovery_that_debians_is_built_without(tmp_path: Path) -> None:
    configuration = yaml.safe_load(SCRAPE.read_text(encoding="utf-8"))
    del configuration["scrape_configs"][0]["kubernetes_sd_configs"]
    (tmp_path / "scrape.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")

    assert "SUCCESS" in answer_of("promtool", "check", "config", tmp_path / "scrape.yml")


def test_the_job_of_each_process_is_its_name_and_nothing_else_is_scraped() -> None:
    (scrape,) = yaml.safe_load(SCRAPE.read_text(encoding="utf-8"))["scrape_configs"]
    documents = [*built("overlays/production"), *built("overlays/production/migrate"), *built("overlays/trial/servers")]
    jobs = [
        target["job"]
        for workload in workloads(documents)
        for container in containers(workload)
        for port in container.get("ports", [{"name": "none"}])
        if (target := relabelled(labels_of(pod_of(workload), port["name"]), scrape["relabel_configs"]))
    ]

    assert sorted(jobs) == ["findings", "reporting", "sampler", "web"]


def test_it_looks_in_the_namespace_of_production() -> None:
    (scrape,) = yaml.safe_load(SCRAPE.read_text(encoding="utf-8"))["scrape_configs"]
    (namespace,) = of_kind(built("overlays/production"), "Namespace")

    assert scrape["kubernetes_sd_configs"][0]["namespaces"]["names"] == [namespace["metadata"]["name"]]
