import BridgeCore
import BridgeRuntime

/// One tenant of a bridge.
struct TenantParts: Sendable {
    var upstream: TenantUpstream
    var partition: TenantPartition
    var pipeline: TenantPipeline

    var name: String { self.upstream.tenant.name }
}
