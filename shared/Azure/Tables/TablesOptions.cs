namespace MidnightOS.Azure.Tables;

/// <summary>Where the tables are: the section <c>Tables</c> of the configuration.</summary>
public sealed class TablesOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Tables";

    /// <summary>The table address of the storage account: <c>https://….table.core.windows.net</c>.</summary>
    public string Endpoint { get; set; } = "";
}
