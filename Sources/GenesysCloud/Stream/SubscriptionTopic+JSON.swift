public import BridgeCore

extension SubscriptionTopic {
    /// The JSON that the server is sent (S1.3): an array with one object, its members always in the same order.
    public var json: String {
        var members = ["\"event\":\(JSONText.string(self.event))"]
        if let resourceID = self.resourceID {
            members.append("\"resourceId\":\(JSONText.string(resourceID))")
        }
        if !self.filters.isEmpty {
            let filters = self.filters.map { filter in
                "\(JSONText.string(filter.name)):[\(filter.values.map(JSONText.string).joined(separator: ","))]"
            }
            members.append("\"filters\":{\(filters.joined(separator: ","))}")
        }
        return "[{\(members.joined(separator: ","))}]"
    }
}
