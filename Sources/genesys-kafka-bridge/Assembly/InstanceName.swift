import Foundation

/// Names this process in what it leaves behind.
enum InstanceName {
    /// `<host>:<process id>`.
    static var current: String {
        "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    }

    /// The same with a random part, for places that many hosts share: in containers, host and process id repeat.
    static var unique: String {
        "\(Self.current):\(String(UInt32.random(in: .min ... .max), radix: 36))"
    }
}
