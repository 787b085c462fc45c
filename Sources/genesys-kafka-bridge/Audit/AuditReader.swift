import BridgeCore
import RDKafka

/// Reads output topics while a bridge writes them, and keeps the audit. An embedded broker drops what is not read in time, so reading must go on
/// all the while; whatever was dropped unread is counted, and no audit with such a count may claim anything.
actor AuditReader {
    private let consumer: RDKafka.KafkaConsumer
    private let isEmbedded: Bool
    private let tenantByTopic: [String: String]
    private let tenantByDeadLetterTopic: [String: String]
    private let tenantByGapTopic: [String: String]
    private let channelTenants: Set<String>
    private var audit = DeliveryAudit()
    private var channelAudit = ChannelAudit()
    private var problem: String?
    /// Times that no broker could be reached.
    private(set) var outages = 0

    /// - Parameters:
    ///   - isEmbedded: whether every offset must hold a record. Those of a real broker may belong to transactions.
    ///   - tenantByTopic: the event topics, and whose they are. The tenants' dead letters and gaps are read, too.
    ///   - channelTenants: those whose events are of the public notification service.
    init(
        bootstrapServers: String,
        isEmbedded: Bool = true,
        tenantByTopic: [String: String],
        channelTenants: Set<String> = []
    ) throws(KafkaError) {
        self.channelTenants = channelTenants
        self.isEmbedded = isEmbedded
        self.tenantByTopic = tenantByTopic
        let tenants = Set(tenantByTopic.values)
        func topics(_ template: TopicTemplate) -> [String: String] {
            Dictionary(uniqueKeysWithValues: tenants.map { (template.kafkaTopic(tenant: $0, family: ""), $0) })
        }
        self.tenantByDeadLetterTopic = topics(.deadLetters)
        self.tenantByGapTopic = topics(.gaps)
        self.consumer = try RDKafka.KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: bootstrapServers),
            topics: (Array(tenantByTopic.keys) + self.tenantByDeadLetterTopic.keys + self.tenantByGapTopic.keys)
                .sorted()
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
            case .gap(let gap): if self.isEmbedded { self.audit.observeUnread(Int(gap.missingCount)) }
            case .error(let error, _):
                if error.isFatal { self.problem = "\(error)" }
                if error.code == .allBrokersDown { self.outages += 1 }
            case .partitionFound, .endOfPartition: break
            }
        }
        for record in batch.records where !self.take(record) { self.audit.observeUnreadable() }
    }

    /// False for a record that cannot be read.
    private func take(_ record: KafkaConsumedRecord) -> Bool {
        let value = record.value ?? []
        if let tenant = self.tenantByGapTopic[record.topic] {
            if self.channelTenants.contains(tenant) {
                guard let gap = TimedGap(value) else { return false }
                self.channelAudit.observeGap(tenant: tenant, gap)
            } else {
                guard let notice = GapNotice(value) else { return false }
                self.audit.observeGap(tenant: tenant, notice)
            }
            return true
        }
        if let tenant = self.tenantByDeadLetterTopic[record.topic] {
            if !self.channelTenants.contains(tenant) {
                self.audit.observeDeadLetter(tenant: tenant, events: NumberedEvent.all(in: value))
            } else if let event = NumberedNotification(value) {
                self.channelAudit.observeDeadLetter(tenant: tenant, event: event)
            }
            return true
        }
        guard let tenant = self.tenantByTopic[record.topic] else { return false }
        if self.channelTenants.contains(tenant) {
            guard let event = NumberedNotification(value) else { return false }
            self.channelAudit.observe(
                tenant: tenant,
                event: event,
                at: record.place,
                identifier: record.lastHeader("ce_id"),
                time: EventTime(record)
            )
        } else {
            guard let event = NumberedEvent(value) else { return false }
            self.audit.observe(tenant: tenant, event: event, isKeyed: record.key != nil)
        }
        return true
    }

    /// Records of one partition that are not read yet, at most over all partitions.
    func lagMax() async -> Int {
        await self.consumer.lagMax()
    }

    /// Distinct events of `tenant` seen so far.
    func delivered(_ tenant: String) -> Int {
        self.channelTenants.contains(tenant) ? self.channelAudit.delivered(tenant) : self.audit.delivered(tenant)
    }

    /// Gap records and dead-lettered events of `tenant` seen so far.
    func notices(_ tenant: String) -> (gaps: Int, deadLettered: Int) {
        self.channelTenants.contains(tenant) ? self.channelAudit.notices(tenant) : self.audit.notices(tenant)
    }

    /// The numbers of notifications that nothing accounts for as yet, by topic.
    func unaccounted(_ owed: OwedNotifications) -> [String: [Int]] {
        self.channelAudit.unaccounted(owed)
    }

    /// What became of the events that each tenant was sent.
    ///
    /// - Parameter notifications: of tenants of the public notification service, with the times of what is not accounted for.
    func report(sent: [OwedEvents], notifications: [OwedNotifications] = []) -> AuditReport {
        for owed in notifications { self.channelAudit.settle(owed) }
        return AuditReport(
            tenants: sent.map(self.audit.result) + notifications.map(self.channelAudit.result),
            unreadable: self.audit.unreadable,
            unread: self.audit.unread,
            problem: self.problem
        )
    }
}
