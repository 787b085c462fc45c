internal import BridgeCore

/// The checkpoint topic, folded to the last value of each key, of some tenants only; and who of the instances that wrote to it owns a
/// tenant. A pure machine: it is fed the records in the order of their partition.
///
/// Holds at most: `bytesMax` bytes of keys and values, for any number of records.
struct CheckpointTable: Sendable {
    /// 10,000 streams of 1 KiB, and plans of 10,000 subscriptions for dozens of tenants.
    static let bytesMax = 256 << 20

    /// What a key holds.
    enum Held: Hashable, Sendable {
        case checkpoint(CheckpointDocument)
        case plan(PlanDocument)
        case owner(OwnerDocument)
        /// Bytes that are not what belongs under this key, with what is wrong with them.
        case defect(String)
    }

    /// What this instance has claimed.
    struct Claim: Hashable, Sendable {
        var instance: String
        var epoch: Int64
        /// Whether the topic has shown our own claim: who claims behind it with the same epoch was later than we.
        var isSeen = false

        func wrote(_ document: CheckpointDocument) -> Bool {
            document.instance == self.instance && document.epoch == self.epoch
        }
    }

    private struct Entry {
        var held: Held
        var bytes: Int
    }

    private let tenants: Set<String>
    private var entries: [CheckpointKey: Entry] = [:]
    private var bytes = 0
    private var highestEpochs: [String: Int64] = [:]
    private(set) var claims: [String: Claim] = [:]
    /// Tenants that another instance took from us, with who it was.
    private(set) var successors: [String: String] = [:]
    /// More than this machine may hold.
    private(set) var isOverfull = false

    init(tenants: Set<String>) {
        self.tenants = tenants
    }

    /// One record of the topic. Null values are keys that were deleted.
    mutating func read(key bytes: [UInt8]?, value: [UInt8]?) {
        guard let key = CheckpointKey(bytes), self.tenants.contains(key.tenant) else { return }
        guard let value else { return self.set(key, nil, bytes: 0) }
        let held = Self.decode(key, value)
        switch held {
        case .checkpoint(let document):
            self.note(key.tenant, document.instance, document.epoch, isClaim: false)
            // A zombie's late write: its successor has begun, and knows better.
            if case .checkpoint(let now) = self.entries[key]?.held {
                if document.epoch < now.epoch { return }
                // Our own, read back: what we have written since is newer.
                let isOurs = self.claims[key.tenant].map { $0.wrote(document) && $0.wrote(now) } ?? false
                if isOurs { return }
            }
        case .owner(let owner):
            self.note(key.tenant, owner.instance, owner.epoch, isClaim: owner.releasedAt == nil)
            if case .owner(let now) = self.entries[key]?.held, owner.epoch < now.epoch { return }
        case .plan, .defect: break
        }
        self.set(key, held, bytes: value.count)
    }

    /// What we have written ourselves, durably.
    mutating func wrote(_ key: CheckpointKey, _ held: Held, bytes: Int) {
        self.set(key, held, bytes: bytes)
    }

    func held(_ key: CheckpointKey) -> Held? { self.entries[key]?.held }

    /// All that is held, for people.
    var all: [(key: CheckpointKey, held: Held)] {
        self.entries.map { ($0.key, $0.value.held) }.sorted { $0.key.text < $1.key.text }
    }

    /// Takes the tenant: gives the epoch to claim it with, larger than every one so far.
    mutating func claim(_ tenant: String, instance: String) -> Int64 {
        let epoch = (self.highestEpochs[tenant] ?? 0) + 1
        self.claims[tenant] = Claim(instance: instance, epoch: epoch)
        return epoch
    }

    /// Takes up claims that were in the topic before this table was read from it.
    mutating func resume(_ claims: [String: Claim]) {
        for (tenant, claim) in claims {
            self.claims[tenant] = claim
            self.claims[tenant]?.isSeen = true
            self.successors[tenant] = self.successor(of: tenant, behind: claim)
        }
    }

    /// Who has claimed the tenant behind `claim`, as far as was read; nil where nobody has.
    func successor(of tenant: String, behind claim: Claim) -> String? {
        guard case .owner(let owner)? = self.held(.owner(tenant: tenant)), owner.epoch >= claim.epoch else {
            return nil
        }
        let isOurs = owner.instance == claim.instance && owner.epoch == claim.epoch
        return isOurs ? nil : "\(owner.instance) (epoch \(owner.epoch))"
    }

    /// The brokers say that `successor` has the tenant.
    mutating func lose(_ tenant: String, to successor: String) {
        self.successors[tenant] = self.successors[tenant] ?? successor
    }

    private mutating func note(_ tenant: String, _ instance: String, _ epoch: Int64, isClaim: Bool) {
        self.highestEpochs[tenant] = max(self.highestEpochs[tenant] ?? 0, epoch)
        guard let claim = self.claims[tenant] else { return }
        if claim.instance == instance, claim.epoch == epoch {
            if isClaim { self.claims[tenant]?.isSeen = true }
        } else if epoch > claim.epoch || (epoch == claim.epoch && claim.isSeen && isClaim) {
            self.successors[tenant] = "\(instance) (epoch \(epoch))"
        }
    }

    private mutating func set(_ key: CheckpointKey, _ held: Held?, bytes: Int) {
        let size = bytes + key.text.utf8.count
        if let old = self.entries[key] { self.bytes -= old.bytes }
        if let held {
            self.bytes += size
            guard self.bytes <= Self.bytesMax else {
                self.bytes -= size
                self.entries[key] = nil
                self.isOverfull = true
                return
            }
            self.entries[key] = Entry(held: held, bytes: size)
        } else {
            self.entries[key] = nil
        }
    }

    private struct Version: Decodable {
        var version: Int
    }

    private static func decode(_ key: CheckpointKey, _ value: [UInt8]) -> Held {
        guard let version = CheckpointJSON.decode(Version.self, value)?.version else {
            return .defect("is not the JSON of a checkpoint")
        }
        guard version == CheckpointDocument.currentVersion else {
            return .defect("has version \(version), this build knows \(CheckpointDocument.currentVersion)")
        }
        switch key {
        case .stream:
            guard let document = CheckpointJSON.decode(CheckpointDocument.self, value) else {
                return .defect("lacks a field of a checkpoint, or has one of another type")
            }
            do throws(CheckpointDocument.Defect) {
                _ = try document.checkpoint()
                return .checkpoint(document)
            } catch {
                switch error {
                case .dialect(let kind): return .defect("has a position of another dialect (\"\(kind.prefix(40))\")")
                case .version, .unreadable: return .defect("has no position, and does not say that it was reset")
                }
            }
        case .plan(let tenant):
            guard let document = CheckpointJSON.decode(PlanDocument.self, value) else {
                return .defect("is not the JSON of a plan")
            }
            return document.tenant == tenant ? .plan(document) : .defect("is the plan of another tenant")
        case .owner:
            guard let document = CheckpointJSON.decode(OwnerDocument.self, value) else {
                return .defect("is not the JSON of an owner")
            }
            return .owner(document)
        }
    }
}
