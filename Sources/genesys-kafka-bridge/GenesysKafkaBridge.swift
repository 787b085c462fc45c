@main
struct GenesysKafkaBridge { static func main() {} }
