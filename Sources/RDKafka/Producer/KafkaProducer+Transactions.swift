// A producer whose `transactional.id` is set. None of these calls blocks the caller's thread; one at a time.

extension KafkaProducer {
    /// Fences every earlier producer of the same `transactional.id`, ends what it left open, and gets an epoch: call it once, before
    /// anything else.
    ///
    /// - Throws: `isRetriable`: the same call again may work, e.g. when no broker answered in time; else this producer is of no use, e.g.
    ///   because the brokers have no transactions (`.unsupportedFeature`).
    public func initTransactions(timeout: Duration) async throws(KafkaError) {
        try await self.transactionCall(.initialise, timeout: timeout)
    }

    /// Begins a transaction: records belong to it until it is committed or aborted. Asks no broker.
    ///
    /// - Throws: `isFatal`: the producer can do nothing more, for example because it was fenced.
    public func beginTransaction() throws(KafkaError) {
        let error = self.cell.call { $0.transactionCall(.begin, timeoutMilliseconds: 0) }
        guard let error else { throw .closed }
        if let error = error { throw error }
    }

    /// Sends what waits for company, waits until every record is acknowledged, and commits.
    ///
    /// - Throws: `isRetriable`: call it again, whether the transaction is committed is not known yet; `isTransactionAbortable`: abort it,
    ///   for at least one record of it was refused; else the producer can do nothing more (`isFatal`), and whether the transaction is
    ///   committed is not known.
    public func commitTransaction(timeout: Duration) async throws(KafkaError) {
        try await self.transactionCall(.commit, timeout: timeout)
    }

    /// Purges what is outstanding, each record with a report, and aborts.
    ///
    /// - Throws: `isRetriable`: call it again; else the producer can do nothing more.
    public func abortTransaction(timeout: Duration) async throws(KafkaError) {
        try await self.transactionCall(.abort, timeout: timeout)
    }

    private func transactionCall(_ call: KafkaTransactionCall, timeout: Duration) async throws(KafkaError) {
        let milliseconds = timeout.clampedMilliseconds
        let cell = self.cell
        let outcome = try await NativeThread.run {
            cell.call { $0.transactionCall(call, timeoutMilliseconds: milliseconds) }
        }
        guard let outcome else { throw .closed }
        // That the time was over is no reason that a person could do something about.
        if let error = outcome { throw error.isRetriable ? error.explained(by: self.obstacle) : error }
    }
}
