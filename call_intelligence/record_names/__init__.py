"""Who is told the names of the CRM records that a call belongs to: those who may read these records."""
