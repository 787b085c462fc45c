extension Dictionary where Key: RawRepresentable<String>, Value == Int {
    /// The same counts under the names of their keys.
    var named: [String: Int] {
        Dictionary<String, Int>(uniqueKeysWithValues: self.map { ($0.key.rawValue, $0.value) })
    }
}
