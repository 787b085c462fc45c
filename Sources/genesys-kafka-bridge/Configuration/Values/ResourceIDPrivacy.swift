/// What becomes of the ids of the resources that events are about.
enum ResourceIDPrivacy: String, Hashable, Sendable, CaseIterable {
    case keep
    case hash
}
