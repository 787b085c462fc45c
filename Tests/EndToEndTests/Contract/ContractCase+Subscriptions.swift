import GenesysSimulator
import Testing

// What can become of subscriptions, of the resources that they name, and of the platform API that tells about both.

extension ContractCase {
    /// Cases that share a scene.
    static let subscriptions = Self.refusedLists + Self.directories

    private static let queues = ContractScene.resources.filter { $0.event == "routing.queueEvents" }
    /// One subscription for each resource.
    private static let byResource = ContractTenant(
        subscriptions: ContractScene.resources.map { "{ event: \($0.event), resourceId: \($0.resourceId) }" }
    )
    private static let byQueues = ContractTenant(
        subscriptions: [
            "{ event: routing.queueEvents, resources: queues }", "{ event: user.presence, allowUnfiltered: true }",
        ]
    )

    private static let refusedLists: [ContractCase] = [
        ContractCase(
            .listRefused,
            "a queue is deleted, and the socket closed with 400",
            "deleted",
            .pause,
            tenant: byResource
        ) {
            try await $0.inject(.resourceDeleted(resourceId: queues[0].resourceId, closesStreams: true))
        },
        ContractCase(.listRefused, "a queue is forbidden, then allowed", "allowed", .revalidation, tenant: byResource) {
            stage in
            let queue = queues[0].resourceId
            try await stage.inject(.resourceForbidden(resourceId: queue, closesStreams: true))
            try await stage.progress()
            await stage.begin()
            try await stage.scene.simulator.setForbidden(false, resource: queue, tenant: stage.tenant)
            try await stage.behindIt()
            try await stage.recovers(resource: queue)
        },
        ContractCase(
            .listRefused,
            "a queue is deleted where there is no pre-flight",
            "bisected",
            .bisection,
            tenant: byResource
        ) {
            stage in
            try await stage.scene.simulator.setPreflight(.missing, tenant: stage.tenant)
            try await stage.inject(.resourceDeleted(resourceId: queues[0].resourceId, closesStreams: true))
        },
        ContractCase(
            .listRefused,
            "a queue is deleted, and the pre-flight does not know",
            "lied-to",
            .bisection,
            tenant: byResource
        ) {
            stage in
            try await stage.scene.simulator.setPreflight(.lying, tenant: stage.tenant)
            try await stage.inject(.resourceDeleted(resourceId: queues[0].resourceId, closesStreams: true))
        },
        ContractCase(
            .listRefused,
            "the only queue is forbidden, then allowed",
            "only-one",
            .revalidation,
            tenant: ContractTenant(
                subscriptions: ["{ event: routing.queueEvents, resourceId: \(queues[1].resourceId) }"]
            )
        ) { stage in
            let queue = queues[1].resourceId
            try await stage.inject(.resourceForbidden(resourceId: queue, closesStreams: true))
            try await stage.logs("the server takes none of the subscriptions")
            await stage.begin()
            try await stage.scene.simulator.setForbidden(false, resource: queue, tenant: stage.tenant)
            try await stage.behindIt()
            try await stage.recovers(resource: queue)
        },
        ContractCase(
            .listRefused,
            "a list is refused once, although nothing is wrong with it",
            "no-reason",
            .bisection,
            lost: .nothing,
            tenant: byResource
        ) { stage in
            try await stage.arm(.invalidSubscription(count: 1))
            try await stage.inject(.reset)
        },
    ]

    /// Cases that share a scene whose simulator refuses lists with HTTP 400, where the others close with it behind the handshake.
    static let refusals: [ContractCase] = [
        ContractCase(
            .listRefused,
            "a queue is deleted, and HTTP 400 for the new socket",
            "http-400",
            .twoPauses,
            tenant: byResource
        ) { stage in
            try await stage.scene.simulator.deleteResource(queues[0].resourceId, tenant: stage.tenant)
            try await stage.inject(.reset)
        },
        ContractCase(
            .listRefused,
            "a queue is deleted, HTTP 400, and there is no pre-flight",
            "http-400-bisected",
            .bisection,
            tenant: byResource
        ) { stage in
            try await stage.scene.simulator.setPreflight(.missing, tenant: stage.tenant)
            try await stage.scene.simulator.deleteResource(queues[0].resourceId, tenant: stage.tenant)
            try await stage.inject(.reset)
        },
    ]

    private static let directories: [ContractCase] = [
        ContractCase(
            .resourcesChange,
            "a queue appears of a kind that is wanted",
            "appears",
            .synchronisation,
            lost: .nothing,
            tenant: byQueues
        ) { stage in
            let queue = SimulatedResource(event: "routing.queueEvents", resourceId: "new-queue")
            await stage.begin()
            try await stage.scene.simulator.createResource(queue, tenant: stage.tenant)
            try await stage.behindIt()
            try await stage.recovers(resource: queue.resourceId)
        },
        ContractCase(
            .resourcesChange,
            "a queue is deleted that was found by its kind",
            "disappears",
            .noPause,
            tenant: byQueues
        ) { stage in
            try await stage.inject(.resourceDeleted(resourceId: queues[1].resourceId, closesStreams: false))
            try await eventually("a new socket of \(stage.tenant)") {
                try await stage.scene.snapshot(stage.tenant).upgradesAccepted > 1
            }
        },
        ContractCase(.apiFails, "close 4001, then 503 for the pre-flight, once", "preflight-503", .preflight) { stage in
            try await stage.arm(.restServerError(status: 503, count: 1))
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.apiFails, "close 4001, then 503 for the pre-flight, always", "preflight-down", .preflight) {
            stage in
            try await stage.scene.simulator.setPreflight(.serverError, tenant: stage.tenant)
            await stage.begin()
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.apiFails, "close 4001, then no answer to the pre-flight", "preflight-hangs", .preflight) {
            stage in
            try await stage.arm(.restHang(count: 1, durationMilliseconds: nil))
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.apiFails, "503 for the list of queues", "list-503", .noPause, tenant: byQueues) { stage in
            try await stage.inject(.restServerError(status: 503, count: 4))
            try await stage.logs("resources could not be listed")
        },
    ]
}
