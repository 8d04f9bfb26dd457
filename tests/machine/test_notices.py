from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_vendored_font_is_named_with_its_licence():
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text()
    families = {font.name.split("-latin")[0] for font in (ROOT / "static/fonts").glob("*.woff2")}
    assert families
    for family in families:
        assert f"static/fonts/{family}-*" in notices
        assert (ROOT / f"static/fonts/{family}-OFL.txt").exists()
