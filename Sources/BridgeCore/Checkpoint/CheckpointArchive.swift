/// Everything that a checkpoint store holds of some tenants, as JSON says it: what `checkpoints export` writes and `import` reads.
public struct CheckpointArchive: Codable, Hashable, Sendable {
    /// The only version that this build reads and writes.
    public static let currentVersion = 1

    /// The checkpoint of one stream.
    public struct Entry: Codable, Hashable, Sendable {
        /// Whose stream it is.
        public var tenant: String
        /// The stream's name.
        public var stream: String
        /// Its checkpoint.
        public var checkpoint: CheckpointDocument

        /// The checkpoint of `stream`.
        public init(stream: StreamID, checkpoint: CheckpointDocument) {
            self.tenant = stream.tenant
            self.stream = stream.stream
            self.checkpoint = checkpoint
        }

        /// The stream.
        public var id: StreamID { StreamID(tenant: self.tenant, stream: self.stream) }
    }

    /// The archive's version.
    public var version = CheckpointArchive.currentVersion
    /// One for each stream.
    public var checkpoints: [Entry]
    /// One for each tenant that has one: without its plan a tenant's checkpoints do not say what they are of.
    public var plans: [PlanDocument]

    /// An archive.
    public init(checkpoints: [Entry], plans: [PlanDocument]) {
        self.checkpoints = checkpoints
        self.plans = plans
    }
}
