internal import BridgeCore
internal import RDKafka

// What a transaction writes into the topic together with its records.

extension KafkaCheckpointStore {
    /// The document that commits `checkpoint`.
    func document(of checkpoint: Checkpoint, of stream: StreamID) -> CheckpointDocument {
        CheckpointDocument(
            checkpoint,
            committedAt: TimestampText.text(ofMilliseconds: self.clock.wallMilliseconds),
            instance: self.settings.instance,
            epoch: self.claimedEpoch(of: stream.tenant)
        )
    }

    /// The records of the topic that `documents` are.
    func records(of documents: [StreamID: CheckpointDocument]) throws -> RecordBatch {
        var bytes: [UInt8] = []
        var records: [KafkaRecord] = []
        func append(_ part: [UInt8]) -> ByteRange {
            defer { bytes += part }
            return ByteRange(offset: UInt32(bytes.count), length: UInt32(part.count))
        }
        for (stream, document) in documents.sorted(by: { $0.key.description < $1.key.description }) {
            let key = append(Array(CheckpointKey.stream(stream).text.utf8))
            let value = append(try CheckpointJSON.encode(document))
            records.append(self.record(key: key, value: value))
        }
        return RecordBatch(sequence: 0, bytes: MessageBytes(bytes), routes: self.routes, records: records)
    }

    /// The transaction with this document is committed.
    func wroteInTransaction(_ document: CheckpointDocument, of stream: StreamID) {
        // Its size bounds memory only: that of the text, roughly.
        let size = (document.eventIds ?? []).reduce(256) { $0 + $1.utf8.count }
        self.wrote(.stream(stream), .checkpoint(document), bytes: size)
    }

    /// The stream's committed position; nil where it has none.
    func heldCheckpoint(of stream: StreamID) -> Checkpoint? {
        guard case .checkpoint(let document)? = self.held(.stream(stream)) else { return nil }
        return try? document.checkpoint()
    }

    /// Whether the topic has `document` as the stream's last.
    func holds(_ document: CheckpointDocument, of stream: StreamID, in topic: CheckpointTable) -> Bool {
        topic.held(.stream(stream)) == .checkpoint(document)
    }

    /// What the topic has of `tenants` now, to its end.
    func reread(_ tenants: Set<String>) async throws(CheckpointStoreError) -> CheckpointTable {
        var settings = self.settings
        settings.tenants = tenants
        let opened = try await CheckpointReader.open(
            settings,
            creatingTopic: true,
            clock: self.clock,
            logger: self.logger,
            isChecked: true
        )
        await opened.reader.close()
        return opened.table
    }

    /// Who has claimed one of `tenants` after this instance; nil where nobody has.
    func successor(of tenants: Set<String>, in topic: CheckpointTable) -> String? {
        for tenant in tenants.sorted() {
            guard let claim = self.claim(of: tenant) else { continue }
            if let successor = topic.successor(of: tenant, behind: claim) { return successor }
        }
        return nil
    }
}
