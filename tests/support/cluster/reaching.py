"""Who reaches whom by network policies, worked out as Kubernetes defines it.

A pod that some policy selects for a direction has that direction closed but for what one of these policies lets
through; an arrow needs both ends open. Addresses outside the cluster have no policies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from support.cluster.building import Document, of_kind, pod_of, selects, workloads

OURS: Final = "stickprov"
"""Stands for the namespace of the manifests, whatever it is called."""


@dataclass(frozen=True)
class Place:
    """A pod, or an address outside the cluster.

    Attributes:
        namespace: where the pod runs; none for an address. ports: ``TCP/8000`` and so on, that somebody may ask for.
    """

    name: str
    namespace: str | None = None
    labels: Document = field(default_factory=dict, hash=False)
    address: str | None = None
    ports: Sequence[str] = ()


def pods_of(documents: Sequence[Document]) -> list[Place]:
    """Return a pod of each workload."""
    ports = ("TCP/8000", "TCP/5432", "TCP/9092", "TCP/22")
    return [
        Place(one["metadata"]["name"], OURS, pod_of(one)["metadata"]["labels"], ports=ports)
        for one in workloads(documents)
    ]


def arrows(documents: Sequence[Document], places: Iterable[Place]) -> set[str]:
    """Return every arrow from or to a pod of ours that gets through, as ``from -> to PROTOCOL/port``."""
    policies = of_kind(documents, "NetworkPolicy")
    known = list(places)
    return {
        f"{source.name} -> {target.name} {port}"
        for source in known
        for target in known
        if source != target and OURS in {source.namespace, target.namespace}
        for port in target.ports
        if _open(policies, "Egress", source, target, port) and _open(policies, "Ingress", target, source, port)
    }


def _open(policies: Sequence[Document], direction: str, here: Place, there: Place, port: str) -> bool:
    if here.namespace != OURS:
        return True
    rules, peers = ("egress", "to") if direction == "Egress" else ("ingress", "from")
    concerned = [
        policy["spec"]
        for policy in policies
        if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], here.labels)
    ]
    return not concerned or any(
        _lets(rule.get(peers), rule.get("ports"), there, port) for spec in concerned for rule in spec.get(rules, ())
    )


def _lets(peers: Sequence[Document] | None, ports: Sequence[Document] | None, there: Place, port: str) -> bool:
    # A rule without peers or ports lets everybody or everything through.
    return (not peers or any(_is(peer, there) for peer in peers)) and (
        not ports or any(f"{one['protocol']}/{one['port']}" == port for one in ports)
    )


def _is(peer: Document, there: Place) -> bool:
    if block := peer.get("ipBlock"):
        return there.address is not None and _within(there.address, block)
    if there.namespace is None:
        return False
    named = {"kubernetes.io/metadata.name": there.namespace}
    namespace = peer.get("namespaceSelector")
    in_namespace = there.namespace == OURS if namespace is None else selects(namespace, named)
    return in_namespace and selects(peer.get("podSelector", {}), there.labels)


def _within(address: str, block: Document) -> bool:
    asked = ip_address(address)
    return asked in ip_network(block["cidr"]) and not any(asked in ip_network(one) for one in block.get("except", ()))
