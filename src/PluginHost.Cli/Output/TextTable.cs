using Spectre.Console;

namespace PluginHost.Cli.Output;

/// <summary>Columns without lines, which other programs can cut as well as people can read.</summary>
internal sealed class TextTable
{
    private readonly Table _table = new Table().NoBorder();

    public TextTable(params string[] titles)
    {
        foreach (var title in titles)
            _table.AddColumn(new TableColumn(new Text(title, new Style(foreground: Color.Grey))).NoWrap().PadLeft(0));
    }

    public void Add(params string[] cells) => _table.AddRow(cells.Select(cell => new Text(PrintableText.Of(cell))));

    public void Write(Terminal terminal) => terminal.Output.Write(_table);
}
