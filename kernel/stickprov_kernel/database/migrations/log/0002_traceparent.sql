-- W3C trace context of the request that led to an event, for whoever follows a request through the services. It is not
-- part of the envelope and is not hashed: what traces a request must not change what the log proves.

ALTER TABLE event ADD COLUMN traceparent text CHECK (length(traceparent) = 55);
