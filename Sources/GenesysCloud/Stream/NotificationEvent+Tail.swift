import BridgeCore

extension NotificationEvent {
    /// The index, in a message's decoded strings, behind the last one that is this event's; 0 where it has none.
    func tailEnd(behind messageCount: Int) -> Int {
        var end = max(self.value.end, self.id.end)
        for range in [self.name, self.resourceID, self.time] { end = max(end, range?.end ?? 0) }
        return max(end - messageCount, 0)
    }
}
