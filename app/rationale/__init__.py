"""Why a partner fits lenalidomide."""
