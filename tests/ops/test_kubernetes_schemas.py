"""Every document is what the cluster's own schemas take, strictly: a field that does not exist is refused."""

from copy import deepcopy

import kubernetes_validate
import pytest

from support.cluster.building import ROOTS, built, name_of, of_kind

RELEASES = ("1.30", "1.37")
"""The oldest that the manifests are for (preStop without a program), and the newest known."""


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("root", ROOTS)
def test_kubernetes_takes_every_document(root, release):
    for document in built(root):
        kubernetes_validate.validate(document, release, strict=True)


def test_a_field_that_does_not_exist_is_refused():
    deployment = deepcopy(of_kind(built("overlays/production"), "Deployment")[0])
    deployment["spec"]["replica"] = 2

    with pytest.raises(kubernetes_validate.ValidationError, match="'replica' was unexpected"):
        kubernetes_validate.validate(deployment, RELEASES[0], strict=True)


@pytest.mark.parametrize("root", ROOTS)
def test_no_two_documents_are_the_same_object(root):
    names = [name_of(document) for document in built(root)]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("root", ROOTS)
def test_all_of_a_folder_is_in_one_namespace(root):
    found = {
        document["metadata"]["name"] if document["kind"] == "Namespace" else document["metadata"]["namespace"]
        for document in built(root)
    }

    assert len(found) == 1
