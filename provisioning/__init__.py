"""The court's side: the hub that receives submissions and the staff's tools."""
