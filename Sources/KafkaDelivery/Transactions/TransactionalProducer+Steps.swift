internal import BridgeCore
internal import Logging
internal import RDKafka

// What the machine decides, carried out. librdkafka's calls block threads made for them.

extension TransactionalProducer {
    func carryOut(_ step: TransactionMachine.Step) async {
        switch step {
        case .commit: await self.commit()
        case .abort(let reason): await self.abort(reason: self.explained(reason))
        case .recover(let reason): await self.recover(reason: self.explained(reason))
        }
    }

    /// `reason` with what librdkafka has logged of the transaction: its records' own reports say only that they were purged.
    private func explained(_ reason: String) -> String {
        guard let complaint = self.inbox.complaint, !reason.contains(complaint) else { return reason }
        return "\(reason) (\(complaint))"
    }

    private func commit() async {
        var times = CommitTimes(of: self.entries.count, since: self.machine.beganAt, clock: self.clock)
        // Made while the records are on their way, so that nothing but the brokers is waited for behind them.
        guard let positions = self.positions() else {
            return self.machine.commitRefused(reason: "the positions cannot be written")
        }
        if let reason = await self.recordsMissing() { return self.machine.commitRefused(reason: reason) }
        times.ended("records")
        guard await self.write(positions) else {
            return self.machine.commitRefused(reason: "the positions could not be written")
        }
        times.ended("positions")
        // Nothing more is handed over now. What librdkafka did not take it does not miss: a commit would go on without it.
        guard !self.inbox.isFailing else {
            return self.machine.commitRefused(reason: Self.failureReason)
        }
        do throws(KafkaError) {
            try await self.repeatedly(for: self.settings.uncertainAfter) { timeout throws(KafkaError) in
                try await self.generation.producer.commitTransaction(timeout: timeout)
            }
        } catch {
            return error.isTransactionAbortable
                ? self.machine.commitRefused(reason: "\(error)")
                : self.machine.uncertain(reason: "whether the transaction is committed is not known, \(error)")
        }
        guard await self.everythingReported(within: self.settings.uncertainAfter) else {
            return self.machine.uncertain(reason: Self.unreportedReason)
        }
        times.ended("commit")
        self.noteCommitted(isRead: false)
        self.publish { $0.commits += 1 }
        self.logger.debug("a transaction is committed", metadata: times.metadata)
    }

    /// Waits until the brokers have acknowledged every record of the transaction: before that its position is not even written, so that no
    /// reader, whatever its isolation, finds a position in front of what it covers.
    ///
    /// - Returns: why that does not come about; nil where it has.
    private func recordsMissing() async -> String? {
        let giveUpAt = self.clock.now.advanced(by: self.settings.uncertainAfter)
        let producer = self.generation.producer
        self.takeReports(awaitsMore: true)
        while self.machine.hasUnreported {
            if Task.isCancelled || self.isClosed { return "the process ends" }
            if producer.isFatal { return "the producer can do nothing more" }
            guard self.clock.now < giveUpAt else {
                return "its records are not acknowledged after \(self.settings.uncertainAfter)"
            }
            // Sends what waits for company.
            _ = await producer.flush(timeout: Self.callTimeout)
            self.takeReports(awaitsMore: true)
            guard self.machine.hasUnreported else { break }
            await self.waitForChange(until: self.clock.now.advanced(by: Self.pauseBetweenCalls))
        }
        return self.inbox.isFailing ? Self.failureReason : nil
    }

    /// The transaction is committed: who waits for it may know.
    private func noteCommitted(isRead: Bool) {
        for (stream, document) in self.attempted {
            self.store?.wroteInTransaction(document, of: stream)
            self.committed[stream] = try? document.checkpoint()
        }
        self.attempted = [:]
        self.tellCommitted(isRead: isRead)
        self.machine.ended()
    }

    private func abort(reason: String) async {
        do throws(KafkaError) {
            // Without an end: brokers that are away come back, and nothing else can be done until then.
            var isTold = false
            try await self.repeatedly(for: nil) { timeout throws(KafkaError) in
                do throws(KafkaError) {
                    try await self.generation.producer.abortTransaction(timeout: timeout)
                } catch {
                    if error.isRetriable, !isTold {
                        self.logger.warning(
                            "a transaction cannot be aborted yet; it is tried again",
                            metadata: ["reason": "\(reason); \(error)"]
                        )
                        isTold = true
                    }
                    throw error
                }
            }
        } catch {
            return self.machine.uncertain(reason: "\(reason); and it cannot be aborted, \(error)")
        }
        guard await self.everythingReported(within: self.settings.uncertainAfter) else {
            return self.machine.uncertain(reason: Self.unreportedReason)
        }
        let reason = self.entries.lazy.compactMap(\.refusal).first ?? reason
        self.logger.warning("a transaction is aborted; its events are read again", metadata: ["reason": "\(reason)"])
        self.attempted = [:]
        self.publish { $0.aborts += 1 }
        self.inbox.forgetComplaint()
        self.tellAborted(reason: reason)
        self.machine.ended()
    }

    /// Calls again while librdkafka says so.
    private func repeatedly(
        for duration: Duration?,
        _ call: (Duration) async throws(KafkaError) -> Void
    ) async throws(KafkaError) {
        let giveUpAt = duration.map { self.clock.now.advanced(by: $0) }
        while true {
            do throws(KafkaError) {
                return try await call(Self.callTimeout)
            } catch {
                let isOver = giveUpAt.map { self.clock.now >= $0 } ?? false
                let isInVain = self.isClosed || self.generation.producer.isFatal || Task.isCancelled
                guard error.isRetriable, !isOver, !isInVain else { throw error }
                // Some answers come at once: librdkafka does not say when to ask again.
                try? await self.clock.sleep(until: self.clock.now.advanced(by: Self.pauseBetweenCalls))
            }
        }
    }

    private static let unreportedReason = "not every record of it was reported"
    private static let pauseBetweenCalls = Duration.milliseconds(50)
    private static let pauseBetweenRecoveries = Duration.seconds(1)
}

// MARK: - Positions

extension TransactionalProducer {
    /// What a commit writes beside the events.
    private struct Positions {
        /// By stream.
        let documents: [StreamID: CheckpointDocument]
        /// Their records; nil where there are none.
        let batch: RecordBatch?
    }

    /// The newest position of each stream of the transaction, with the events that are committed behind it where a message is cut. Nil where
    /// they cannot be told.
    private func positions() -> Positions? {
        guard let store = self.store else { preconditionFailure("there is no store yet") }
        var documents: [StreamID: CheckpointDocument] = [:]
        // A leading part speaks of all of its batch, the rest of which may not come.
        let progress = self.entries.lazy.filter { !$0.part.isLeading }.map(\.progress)
        for (stream, batches) in Dictionary(grouping: progress, by: \.stream) {
            let before = self.committed[stream] ?? store.heldCheckpoint(of: stream)
            guard var checkpoint = batches.last(where: { $0.checkpoint != nil })?.checkpoint ?? before else { continue }
            checkpoint.eventIDs = RecentEventIDs.of(
                batches,
                before: before?.eventIDs ?? [],
                bytesMax: self.settings.eventIDBytesMax
            )
            documents[stream] = store.document(of: checkpoint, of: stream)
        }
        guard !documents.isEmpty else { return Positions(documents: [:], batch: nil) }
        guard let batch = try? store.records(of: documents) else { return nil }
        return Positions(documents: documents, batch: batch)
    }

    /// Puts them into the transaction. False where that is not possible.
    private func write(_ positions: Positions) async -> Bool {
        self.attempted = positions.documents
        guard let batch = positions.batch else { return true }
        let producer = self.generation.producer
        do {
            let routes = try self.generation.prepare(batch.routes)
            let inFlight = try producer.beginBatch(
                tag: 0,
                recordCount: batch.records.count,
                bytes: batch.bytes,
                sink: TransactionInbox.Slot(self.inbox, entry: .max, isUrgent: false)
            )
            self.machine.admitPositions()
            while producer.produce(inFlight, describe: { batch.descriptor(at: $0, routes) }) == .queueFull {
                await producer.waitForRoom()
                guard !Task.isCancelled, !self.isClosed else {
                    producer.giveUpRest(of: inFlight, reason: "the process ends")
                    return false
                }
            }
            return true
        } catch {
            return false
        }
    }
}

// MARK: - Recovery

extension TransactionalProducer {
    /// Finds out who owns the partition and what is committed, with a new producer that ends what the old one left open.
    private func recover(reason: String) async {
        self.logger.error(
            "the transactional producer can do nothing more, or what it did is not known: it is replaced",
            metadata: ["reason": "\(reason)"]
        )
        await self.generation.producer.close(flushTimeout: .zero)
        // A producer that is closed has reported everything.
        _ = await self.everythingReported(within: nil)
        self.publish { $0.recoveries += 1 }
        while !Task.isCancelled, !self.isClosed {
            do {
                if try await self.recoverOnce(reason: reason) { return }
            } catch {
                if let error = error as? KafkaError { self.inbox.receiveError(error) }
                self.logger.error(
                    "the transactional producer cannot be replaced yet; it is tried again",
                    metadata: ["reason": "\(error)"]
                )
            }
            try? await self.clock.sleep(until: self.clock.now.advanced(by: Self.pauseBetweenRecoveries))
        }
    }

    private func recoverOnce(reason: String) async throws -> Bool {
        guard let store = self.store else { preconditionFailure("there is no store yet") }
        let tenants = self.settings.tenants
        // Before anybody is fenced: a successor need not be.
        if self.isLost(in: try await store.reread(tenants), store, reason: reason) { return true }
        guard !self.isClosed else { return true }
        self.generation = try await Self.makeGeneration(
            self.settings,
            inbox: self.inbox,
            clock: self.clock,
            logger: self.logger,
            until: self.clock.now.advanced(by: self.settings.uncertainAfter),
            triesAgain: false
        )
        guard !self.isClosed else {
            await self.generation.producer.close(flushTimeout: .zero)
            return true
        }
        // The new producer's first call has ended what was open: now the topic says what became of it. A successor that has claimed meanwhile
        // reads positions to which nothing may be added: it finds itself fenced, and the owner.
        let topic = try await store.reread(tenants)
        if self.isLost(in: topic, store, reason: reason) { return true }
        guard !self.isClosed else { return true }
        if !self.attempted.isEmpty, self.attempted.allSatisfy({ store.holds($0.value, of: $0.key, in: topic) }) {
            self.logger.notice("the transaction was committed after all")
            self.publish { $0.commits += 1 }
            self.noteCommitted(isRead: true)
        } else {
            self.attempted = [:]
            self.tellAborted(reason: reason)
            self.machine.ended()
        }
        self.inbox.forgetComplaint()
        return true
    }

    /// Whether another instance has the partition: then nothing is written any more.
    private func isLost(in topic: CheckpointTable, _ store: KafkaCheckpointStore, reason: String) -> Bool {
        guard let successor = store.successor(of: self.settings.tenants, in: topic) else { return false }
        self.logger.error("another instance has the tenant partition", metadata: ["owner": "\(successor)"])
        self.machine.lost(reason: "another instance has the tenant partition: \(successor)")
        store.giveUp(self.settings.tenants, to: successor)
        self.tellAborted(reason: reason)
        return true
    }

    /// A producer that has fenced those before it, which are closed.
    /// - Parameter triesAgain: where it is fenced itself in between, as one of two that start together is: another one may fence back. Who
    ///   may have a successor looks for it first.
    static func makeGeneration(
        _ settings: Settings,
        inbox: TransactionInbox,
        clock: any BridgeClock,
        logger: Logger,
        until deadline: Instant,
        triesAgain: Bool
    ) async throws(KafkaError) -> ProducerGeneration {
        while true {
            // What ended the one before may have come late.
            _ = inbox.takeFatal()
            let producer = try KafkaProducer(
                configuration: settings.properties,
                onFatal: { inbox.receiveFatal($0) },
                onError: { error in
                    inbox.receiveError(error)
                    logger.warning("kafka: \(error.reason)", metadata: ["code": "\(error.name)"])
                },
                onLog: { line in
                    inbox.receiveLine(line)
                    logger.debug("librdkafka: \(line.message)", metadata: ["facility": "\(line.facility)"])
                }
            )
            do throws(KafkaError) {
                try await Self.initialise(producer, clock: clock, until: deadline)
                return ProducerGeneration(producer)
            } catch {
                await producer.close(flushTimeout: .zero)
                let isFenced = error.code.action == .fatalForProducer
                guard triesAgain, isFenced, clock.now < deadline, !Task.isCancelled else { throw error }
                try? await clock.sleep(until: clock.now.advanced(by: Self.pauseBetweenCalls))
            }
        }
    }

    private static func initialise(
        _ producer: KafkaProducer,
        clock: any BridgeClock,
        until deadline: Instant
    ) async throws(KafkaError) {
        while true {
            do throws(KafkaError) {
                return try await producer.initTransactions(timeout: Self.callTimeout)
            } catch {
                guard error.isRetriable, clock.now < deadline, !Task.isCancelled else { throw error }
                try? await clock.sleep(until: clock.now.advanced(by: Self.pauseBetweenCalls))
            }
        }
    }
}
