import BridgeCore
import RDKafka

/// Reads output topics while a bridge writes them, and keeps the audit. An embedded broker drops what is not read in time, so reading must go on
/// all the while; whatever was dropped unread is counted, and no audit with such a count may claim anything.
actor AuditReader {
    private let consumer: RDKafka.KafkaConsumer
    private let tenantByTopic: [String: String]
    private var audit = DeliveryAudit()
    private var problem: String?

    /// - Parameter tenantByTopic: the output topics, and whose they are.
    init(bootstrapServers: String, tenantByTopic: [String: String]) throws(KafkaError) {
        self.tenantByTopic = tenantByTopic
        self.consumer = try RDKafka.KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: bootstrapServers),
            topics: tenantByTopic.keys.sorted()
        )
    }

    /// Reads until cancelled.
    func run() async {
        while !Task.isCancelled, self.problem == nil {
            do {
                self.take(try await self.consumer.next(max: 10_000, timeout: .milliseconds(100)))
            } catch {
                self.problem = "\(error)"
            }
        }
        await self.consumer.close()
    }

    private func take(_ batch: KafkaConsumedBatch) {
        for event in batch.events {
            switch event {
            case .gap(let gap): self.audit.observeUnread(Int(gap.missingCount))
            case .error(let error, _): if error.isFatal { self.problem = "\(error)" }
            case .partitionFound, .endOfPartition: break
            }
        }
        for record in batch.records {
            guard let tenant = self.tenantByTopic[record.topic], let value = record.value,
                let fields = SequenceFields.find(in: value)
            else {
                self.audit.observeUnreadable()
                continue
            }
            self.audit.observe(
                tenant: tenant,
                sequence: fields.sequence,
                key: record.key ?? [],
                keySequence: fields.keySequence
            )
        }
    }

    /// Distinct events of `tenant` seen so far.
    func delivered(_ tenant: String) -> Int {
        self.audit.delivered(tenant)
    }

    /// What became of the events that each tenant was sent.
    func report(sent: [(tenant: String, range: Range<Int>)]) -> AuditReport {
        AuditReport(
            tenants: sent.map { self.audit.result(tenant: $0.tenant, sent: $0.range) },
            unreadable: self.audit.unreadable,
            unread: self.audit.unread,
            problem: self.problem
        )
    }
}
