/// Whether the server may compress its messages. What this client sends is never compressed.
public enum WebSocketCompression: Equatable, Sendable {
    /// No extension is offered. Some proxies mishandle compression.
    case off
    /// RFC 7692 is offered; the server decides. With `serverContextTakeover` a message may refer to those before it,
    /// which compresses better and costs 32 KiB for each connection.
    case permessageDeflate(serverContextTakeover: Bool = true)
}
