-- Whose identity is protected may become known, or end, after the case was drawn.
GRANT UPDATE (protected) ON vault.identity TO {service_role};

-- The service that knows who reviews asks for all of them.
CREATE INDEX identity_protected ON vault.identity (case_id) WHERE protected;
