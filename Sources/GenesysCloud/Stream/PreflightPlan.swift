import BridgeCore

/// Which subscriptions a pre-flight asks about in which request: as many as fit into a URL, in order.
struct PreflightPlan: Hashable {
    /// What each request asks about; each subscription once.
    private(set) var requests: [[SubscriptionTopic]] = []
    /// What no URL has room for, however few others there are.
    private(set) var oversized: Set<SubscriptionTopic> = []

    /// A plan for `topics` within `maxURLBytes`, of which a URL without subscriptions has `baseByteCount`.
    init(_ topics: [SubscriptionTopic], baseByteCount: Int, maxURLBytes: Int) {
        var planned: Set<SubscriptionTopic> = []
        var byteCount = 0
        for topic in topics where planned.insert(topic).inserted {
            let cost = StreamURL.byteCount(of: topic)
            guard baseByteCount + cost <= maxURLBytes else {
                self.oversized.insert(topic)
                continue
            }
            if self.requests.isEmpty || byteCount + cost > maxURLBytes {
                self.requests.append([])
                byteCount = baseByteCount
            }
            self.requests[self.requests.count - 1].append(topic)
            byteCount += cost
        }
    }
}
