"""What roles are called."""

from typing import Final

from stickprov_client.language.translations import Language, marked, texts

ROLES: Final = {
    "coordinator": marked("coordinator"),
    "reviewer": marked("reviewer"),
    "protected-reviewer": marked("reviewer of protected cases"),
    "board": marked("board"),
    "auditor": marked("auditor"),
    "ops": marked("operations"),
}


def role_name(role: str, language: Language) -> str:
    """Return what a role is called; one that people never have, by its own name."""
    return texts(language).gettext(ROLES.get(role, role))
