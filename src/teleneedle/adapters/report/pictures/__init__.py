"""Pictures of the plan book: oblique sections with outlines, 3-D views and charts."""
