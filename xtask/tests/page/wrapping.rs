/// Appended to the program of the guide "A transport of your own".
#[cfg(test)]
mod tests {
    use std::future::pending;

    use gatewright::aws_storage_gateway::ResetCacheRequest;

    use super::*;

    /// Cannot connect in time, and reports that if it knows the time.
    #[derive(Debug)]
    struct Unconnected;

    impl Transport for Unconnected {
        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(pending())
        }

        fn send_within(&self, _: Request, _: Duration) -> BoxFuture<'_, Result<Response, TransportError>> {
            let kind = TransportErrorKind::AttemptTimeout;
            Box::pin(async move { Err(TransportError::new(kind, "slow.example", Reached::NotSent)) })
        }
    }

    /// Resetting a cache is not repeated if the request may have been sent.
    #[test]
    fn a_timeout_before_the_request_was_sent_is_retried() {
        let client: Client = Client::builder()
            .region("eu-west-1")
            .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret")))
            .transport(Recording::new(Unconnected))
            .attempt_timeout(Duration::from_millis(10))
            .build()
            .unwrap();
        let arn = "arn:aws:storagegateway:eu-west-1:111122223333:gateway/sgw-12A3456B";
        let call = client.reset_cache(ResetCacheRequest::new(arn)).max_attempts(2);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let error = runtime.block_on(async { call.await }).unwrap_err();
        assert_eq!(error.attempts(), 2, "{error}");
    }
}
