create table customer_subscription_billing_events (id bigint primary key, external_payment_provider_reference_id text not null, external_payment_provider_reference_kind text not null);
