internal import BridgeCore
internal import Locking

/// A socket that opened and whose end has not come.
struct OpenSocket: Sendable {
    let id: SocketID
    let connection: any NotificationConnection
    /// Signalled when the connection is told to close.
    let closeRequested = Wakeup()
}
