/// The version of this program.
enum BridgeVersion {
    static let current = "0.1.0"
}
