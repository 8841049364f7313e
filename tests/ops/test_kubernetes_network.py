"""Network policies let through the arrows of the architecture and no other: worked out, and compared with a table."""

import pytest

from support.cluster.building import everything_of
from support.cluster.reaching import Place, arrows, pods_of

AROUND = [
    Place("entrance", "ingress"),
    Place("prometheus", "monitoring"),
    Place("names", "kube-system", {"k8s-app": "kube-dns"}, ports=("UDP/53", "TCP/53")),
    Place("another pod of the system", "kube-system", {"app": "other"}, ports=("UDP/53", "TCP/443")),
    Place("another team's pod", "elsewhere", ports=("TCP/8000",)),
    Place("the node's own data", address="169.254.169.254", ports=("TCP/80", "TCP/443")),
    Place("somewhere on the internet", address="203.0.113.9", ports=("TCP/80", "TCP/443")),
]
OUTSIDE = [
    Place("postgresql", address="192.0.2.17", ports=("TCP/5432", "TCP/22")),
    Place("kafka", address="192.0.2.33", ports=("TCP/9093", "TCP/22")),
    Place("provider", address="192.0.2.49", ports=("TCP/443", "TCP/80")),
    Place("mail", address="192.0.2.64", ports=("TCP/587", "TCP/25")),
]
SERVICES = ("sampler", "findings", "reporting")
PROCESSES = (*SERVICES, "web")
MIGRATIONS = tuple(f"{service}-migrate" for service in SERVICES)
RECOVERIES = ("sampler-recover", "findings-recover")

BETWEEN_US = {
    "stickprov-sampler -> stickprov-findings TCP/8000",
    "stickprov-findings -> stickprov-sampler TCP/8000",
    "stickprov-reporting -> stickprov-sampler TCP/8000",
    "stickprov-reporting -> stickprov-findings TCP/8000",
    "stickprov-web -> stickprov-sampler TCP/8000",
    "stickprov-web -> stickprov-findings TCP/8000",
    "stickprov-web -> stickprov-reporting TCP/8000",
    "entrance -> stickprov-web TCP/8000",
    *(f"prometheus -> stickprov-{process} TCP/8000" for process in PROCESSES),
    *(f"stickprov-{source}-recover -> stickprov-reporting TCP/8000" for source in ("sampler", "findings")),
}
NAMES = {
    f"stickprov-{pod} -> names {port}"
    for pod in (*PROCESSES, *MIGRATIONS, *RECOVERIES)
    for port in ("UDP/53", "TCP/53")
}


TO_OTHERS = {
    "trial": {
        *(f"stickprov-{pod} -> postgres TCP/5432" for pod in (*SERVICES, *MIGRATIONS, *RECOVERIES)),
        *(f"stickprov-{service} -> kafka TCP/9092" for service in SERVICES),
        # Every pod of the namespace may ask for names.
        *(f"{server} -> names {port}" for server in ("postgres", "kafka") for port in ("UDP/53", "TCP/53")),
        *(f"stickprov-{pod} -> somewhere on the internet TCP/443" for pod in (*PROCESSES, *RECOVERIES)),
    },
    "production": {
        *(f"stickprov-{pod} -> postgresql TCP/5432" for pod in (*SERVICES, *MIGRATIONS, *RECOVERIES)),
        *(f"stickprov-{service} -> kafka TCP/9093" for service in SERVICES),
        *(f"stickprov-{pod} -> provider TCP/443" for pod in (*PROCESSES, *RECOVERIES)),
        "stickprov-sampler -> mail TCP/587",
    },
}


@pytest.mark.parametrize("overlay", TO_OTHERS)
def test_exactly_the_arrows_of_the_architecture_get_through(overlay):
    everything = everything_of(overlay)
    outside = OUTSIDE if overlay == "production" else []

    found = arrows(everything, [*pods_of(everything), *AROUND, *outside])

    assert found == BETWEEN_US | NAMES | TO_OTHERS[overlay]


def test_a_second_organisation_reaches_its_own_kafka_and_not_the_firsts():
    everything = everything_of("second-organisation")
    own = Place("its own kafka", address="192.0.2.81", ports=("TCP/9093",))

    found = arrows(everything, [*pods_of(everything), *OUTSIDE, own])

    assert {arrow for arrow in found if "kafka" in arrow} == {
        f"stickprov-{service} -> its own kafka TCP/9093" for service in SERVICES
    }


@pytest.mark.parametrize("overlay", ["trial", "production"])
def test_without_the_policies_everybody_would_reach_everybody(overlay):
    pods = pods_of(everything_of(overlay))

    found = arrows([], pods)

    assert len(found) == len(pods) * (len(pods) - 1) * len(pods[0].ports)
