internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine

/// Manages companies.
struct CompanyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Create, list, rename and remove companies.",
        subcommands: [
            CompanyCreateCommand.self, CompanyListCommand.self, CompanyRenameCommand.self,
            CompanyRemoveCommand.self,
        ]
    )
}

/// Makes a company.
struct CompanyCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a company."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The name.")
    var name: String

    @Option(help: "A category for its customers, such as vip.")
    var clientCategory: String?

    func act(with client: DocketClient) async throws -> ExitStatus {
        let fields = CompanyFields(name: name, clientCategory: clientCategory)
        try output.tell(try await client.companies.create(fields))
        return .done
    }
}

/// Lists companies.
struct CompanyListCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List companies by name."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Option(help: "Only names that begin with this, in any case.")
    var name = ""

    @Option(help: "How many to list at most.")
    var limit = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes 1 or more") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let found = try await Listing(atMost: limit) {
            (limit, page) async throws(DocketClientError) in
            try await client.companies.list(namePrefix: name, limit: limit, page: page)
        }
        try output.show(found)
        return .done
    }
}

/// Gives a company another name.
struct CompanyRenameCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Rename a company."
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The company, by name or id.")
    var company: String

    @Argument(help: "The new name.")
    var name: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let seen = try await Directory(client).company(company)
        let fields = CompanyFields(name: name)
        try output.tell(
            try await client.companies.update(seen.id, fields, expecting: seen.version)
        )
        return .done
    }
}

/// Removes a company.
struct CompanyRemoveCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a company that has no contacts. Needs a supervisor."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: DirectoryOutput

    @Argument(help: "The company, by name or id.")
    var company: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let seen = try await Directory(client).company(company)
        try await client.companies.remove(seen.id, expecting: seen.version)
        try output.tell(removed: seen)
        return .done
    }
}
