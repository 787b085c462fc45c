/// The partition that a tenant belongs to. Instances own partitions, not tenants, so that a tenant's home does not depend on
/// the number of instances (spec/delivery.md, Tenant partitions).
public struct TenantPartition: Hashable, Sendable, CustomStringConvertible {
    /// The partition's number, from 0.
    public var index: Int

    /// The partition `index`.
    public init(index: Int) {
        self.index = index
    }

    /// The partition of the tenant `name` among `count` partitions: murmur2 of the name's UTF-8, made positive as Kafka does
    /// it, modulo `count`. A `count` below 1 counts as 1.
    public init(ofTenant name: String, among count: Int) {
        let positive = Int(Murmur2.hash(Array(name.utf8)) & 0x7fff_ffff)
        self.index = positive % max(count, 1)
    }

    /// The partition's number.
    public var description: String { "\(self.index)" }
}
