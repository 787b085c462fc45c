/// What the service says on a channel's socket besides events.
enum ChannelMessage {
    static let metadataTopic = "channel.metadata"
    static let heartbeat = #"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#
    static let pong = #"{"topicName":"channel.metadata","eventBody":{"message":"pong"}}"#
    static let socketClosing =
        #"{"topicName":"v2.system.socket_closing","eventBody":{"message":"WebSocket is being closed for maintenance"}}"#
    static let subscribed = #"{"result":"200","status":"subscribed"}"#
    static let gone = #"{"result":"404","message":"Channel not found"}"#
    static let malformed = #"{"topicName":"v2.users.broken","version":"2","eventBody":{"message":"#
    static let binary: [UInt8] = [0x00, 0xFF, 0xC3, 0x28, 0x7B]

    /// A system message of the kind that the topic names: `no_longer_subscribed`, `token_revoked`, or one that no
    /// client knows.
    static func system(_ kind: String, reason: String?, channelId: String, client: String, contextId: String) -> String
    {
        let reasonField = reason.map { #""reason":\#(JSONText.string($0)),"# } ?? ""
        let text = JSONText.string((reason ?? kind).replacing("_", with: " "))
        return #"{"topicName":"v2.system.\#(kind).\#(client)","version":"2","eventBody":{"#
            + #""channelId":\#(JSONText.string(channelId)),"systemTopicType":"\#(kind)","#
            + #""correlationId":"\#(contextId)","oauthClientId":"\#(client)",\#(reasonField)"message":\#(text),"#
            + #""data":{}},"metadata":{"CorrelationId":"\#(contextId)"}}"#
    }

    /// An event of a topic that nobody subscribed to, of so many bytes.
    static func huge(bytes: Int) -> String {
        let head = #"{"topicName":"v2.system.huge","version":"2","eventBody":{"message":""#
        return head + String(repeating: "x", count: max(0, bytes - head.utf8.count - 3)) + #""}}"#
    }
}
