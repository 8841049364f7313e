"""The example of Secrets: `lay-out` lays out every file that the kustomizations take, and no other."""

import stat

from support.cluster.secret_files import laid_out, made_secrets, secrets_made_of_files


def test_every_file_that_a_secret_is_made_of_is_laid_out_and_no_other(tmp_path):
    laid_out(made_secrets(tmp_path / "made"), tmp_path / "into")

    wanted = {path for files in secrets_made_of_files().values() for path in files.values()}
    wanted |= {f"servers/{path}" for files in secrets_made_of_files("servers").values() for path in files.values()}

    assert {
        str(file.relative_to(tmp_path / "into")) for file in (tmp_path / "into").rglob("*") if file.is_file()
    } == wanted


def test_nobody_else_may_read_them(tmp_path):
    laid_out(made_secrets(tmp_path / "made"), tmp_path / "into")

    open_to_others = [file for file in (tmp_path / "into").rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077]

    assert open_to_others == []


def test_another_organisation_has_other_roles_on_the_same_cluster(tmp_path):
    options = ("--database", "db.example", "--prefix", "grannkommun_")
    laid_out(made_secrets(tmp_path / "made"), tmp_path / "into", *options)

    files = tmp_path / "into/files"
    assert (files / "sampler/database-url").read_text() == (
        "postgresql://grannkommun_sampler:sampler-word@db.example/grannkommun_sampler"
        "?sslmode=verify-full&sslrootcert=/run/secrets/stickprov/database-ca\n"
    )
    assert (files / "sampler-owner/migration-database-url").read_text() == (
        "postgresql://grannkommun_sampler_owner:sampler-owner-word@db.example/grannkommun_sampler"
        "?sslmode=verify-full&sslrootcert=/run/secrets/stickprov/database-ca\n"
    )
    assert not (tmp_path / "into/servers").exists()


def test_what_is_missing_is_named_with_what_to_do(tmp_path):
    made = made_secrets(tmp_path / "made")
    (made / "pages-client-secret").write_text("")

    done = laid_out(made, tmp_path / "into")

    assert done.returncode == 2
    assert "pages-client-secret is missing or empty; run deploy/compose/make-secrets again" in done.stderr


def test_an_option_that_does_not_exist_is_refused(tmp_path):
    done = laid_out(tmp_path, tmp_path, "--databse", "x")

    assert (done.returncode, "no option --databse" in done.stderr) == (2, True)
