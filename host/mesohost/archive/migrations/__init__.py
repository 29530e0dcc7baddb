"""The archive's schema, revision by revision, for Alembic."""
