import BridgeCore

/// Everything that the bridge can be told, checked and complete. Defaults and ranges are in the `…Settings` types, and only
/// there.
struct BridgeConfiguration: Hashable, Sendable {
    var kafka: KafkaConfiguration
    var delivery: DeliveryConfiguration
    var records: RecordsConfiguration
    var connection: ConnectionConfiguration
    var channels: ChannelsConfiguration
    var spool: SpoolConfiguration
    /// How many partitions the tenants are spread over; fixed for the life of a deployment.
    var tenantPartitions: Int
    /// Never empty; the names differ.
    var tenants: [TenantConfiguration]
    var admin: AdminConfiguration
    var log: LogConfiguration

    /// The partition of `tenant`.
    func partition(of tenant: TenantConfiguration) -> TenantPartition {
        TenantPartition(ofTenant: tenant.name, among: self.tenantPartitions)
    }

    /// The tenants that an instance with `share` runs, in the file's order. May be empty.
    func tenants(ownedBy share: Share) -> [TenantConfiguration] {
        self.tenants.filter { share.owns(self.partition(of: $0)) }
    }

    /// How many bytes each tenant may hold between socket and acknowledgement in an instance with `share`.
    func inFlightBytesPerTenant(share: Share) -> Int {
        self.delivery.inFlight.bytes / max(self.tenants(ownedBy: share).count, 1)
    }
}
