import Foundation

/// Names this process in what it leaves behind.
enum InstanceName {
    /// `<host>:<process id>`.
    static var current: String {
        "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    }
}
